import type { QuarantineRow } from '#shared/quarantine/schema.ts';
import type { Page } from '#shared/ports/work-store.ts';

/** Rows and raw bytes of what could not be processed. All methods throw `unavailable` on passing faults. */
export interface QuarantineStore {
  get(tenant: string, quarantineId: string): Promise<QuarantineRow | undefined>;
  /** Throws `conflict` when the stored revision is not `expected` (0 = absent). */
  put(row: QuarantineRow, expected: number): Promise<void>;
  /** Newest `last_seen` first; `limit` ≤ 100. */
  list(tenant: string, page: { limit: number; cursor?: string }): Promise<Page<QuarantineRow>>;
  /** Keeps bytes too large for a row; idempotent. */
  putBytes(objectKey: string, bytes: Uint8Array): Promise<void>;
  /** Throws `not_found`. */
  getBytes(objectKey: string): Promise<Uint8Array>;
}
