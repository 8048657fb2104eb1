import type { QuarantineStore } from '#shared/ports/quarantine-store.ts';
import type { QuarantineRow } from '#shared/quarantine/schema.ts';

import { namesEvent } from './names-event.ts';

const HOUR_MS = 3_600_000;
/** Rows looked at, newest first, and of those the ones whose bytes lie in the object store. */
const ROWS_MAX = 1_000;
const OBJECTS_MAX = 20;
const PAGE = 100;

/**
 * The quarantined input that names an event id and was held around `at` (ms), if any; `complete` is
 * false when there is more quarantine than was looked through. Throws `unavailable`.
 */
export async function findQuarantined(
  store: QuarantineStore,
  wanted: { tenant: string; event_id: string; at: number },
): Promise<{ row?: QuarantineRow; complete: boolean }> {
  let cursor: string | undefined;
  let rows = 0;
  let objects = 0;
  let isComplete = true;
  do {
    const page = { limit: PAGE, ...(cursor !== undefined && { cursor }) };
    const found = await store.list(wanted.tenant, page);
    for (const row of found.items) {
      rows++;
      // Newest first: all that follow were last seen earlier still.
      if (Date.parse(row.last_seen) < wanted.at - HOUR_MS) return { complete: isComplete };
      if (Date.parse(row.first_seen) > wanted.at + HOUR_MS) continue;
      if (row.raw_base64 === undefined && ++objects > OBJECTS_MAX) isComplete = false;
      else if (namesEvent(await bytesOf(store, row), wanted.event_id))
        return { row, complete: true };
    }
    cursor = found.cursor;
  } while (cursor !== undefined && rows < ROWS_MAX);
  return { complete: isComplete && cursor === undefined };
}

async function bytesOf(store: QuarantineStore, row: QuarantineRow): Promise<Uint8Array> {
  return row.raw_base64 === undefined
    ? await store.getBytes(row.object_key!)
    : Buffer.from(row.raw_base64, 'base64');
}
