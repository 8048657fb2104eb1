import type { OutboxRow } from '#shared/audit/schema.ts';
import { digestUuid } from '#shared/kernel/id.ts';

/** What a commit wants the world to hear. */
export interface Announcement {
  tenant: string;
  /** `noun.past`, e.g. `delivery.sent`. */
  type: string;
  /** `sentry.<noun>`. */
  source: string;
  payload: Record<string, unknown>;
  correlation_id: string;
  /** Milliseconds since the Unix epoch. */
  at: number;
  /** What makes it this announcement and no other; the same parts give the same id. */
  identity: readonly string[];
}

/** The outbox row of an announcement, with its Charter envelope (domain.md §2). */
export function announce(announcement: Announcement): OutboxRow {
  const { tenant, type, source, payload, correlation_id, at, identity } = announcement;
  const id = digestUuid(tenant, type, ...identity);
  return {
    outbox_id: id,
    tenant,
    created_at: new Date(at).toISOString(),
    envelope: {
      id,
      type,
      source,
      target: null,
      timestamp: at / 1000,
      payload,
      meta: { correlation_id, version: '1.0' },
    },
  };
}
