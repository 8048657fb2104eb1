import { requireScope } from '#shared/access/scope.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { Page } from '#shared/ports/work-store.ts';
import type { QuarantineStore } from '#shared/ports/quarantine-store.ts';

import type { QuarantineRow } from './schema.ts';

/** A page of the caller's quarantine, newest first. Needs `sentry.read`. */
export async function listQuarantine(
  page: { limit: number; cursor?: string },
  context: Context,
  store: QuarantineStore,
): Promise<Page<QuarantineRow>> {
  requireScope(context, 'sentry.read');
  return store.list(context.tenant, page);
}

/** One row with its raw bytes. Throws `not_found`. */
export async function getQuarantined(
  quarantineId: string,
  context: Context,
  store: QuarantineStore,
): Promise<{ row: QuarantineRow; raw: Uint8Array }> {
  requireScope(context, 'sentry.read');
  const row = await store.get(context.tenant, quarantineId);
  if (!row) throw new SentryError('not_found', `There is no quarantined record ${quarantineId}.`);
  const raw =
    row.raw_base64 === undefined
      ? await store.getBytes(row.object_key!)
      : Buffer.from(row.raw_base64, 'base64');
  return { row, raw };
}
