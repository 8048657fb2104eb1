import type { Alert, AlertPointer } from '#shared/alert/schema.ts';

const DAY_MS = 86_400_000;
/** A resolved alert, its pointer and deliveries are kept this long after the resolve. */
const RESOLVED_KEPT_MS = 90 * DAY_MS;
/** Journal entries, from their `at` on; the ledger is the long copy. */
export const JOURNAL_KEPT_MS = 90 * DAY_MS;
/** Buckets of seen event ids, from their last write on. */
export const SEEN_KEPT_MS = 2 * DAY_MS;
/** Touch rows only carry a change to the live stream. */
export const TOUCH_KEPT_MS = 10 * 60_000;

/** When a resolved alert goes, in RFC 3339 and whole seconds as TTL has them; undefined while it is open, because nothing open ever expires. */
export function resolvedExpiry(row: {
  state: Alert['state'] | AlertPointer['state'];
  resolved_at?: string;
}): string | undefined {
  if (row.state !== 'RESOLVED' || row.resolved_at === undefined) return undefined;
  const at = Date.parse(row.resolved_at) + RESOLVED_KEPT_MS;
  return new Date(at - (at % 1000)).toISOString();
}
