import type { JournalEntry } from '#shared/audit/schema.ts';
import type { JournalStore } from '#shared/ports/work-store.ts';

/** Journal entries read of one subject; the rest is said to be missing. */
const ENTRIES_MAX = 1_000;
const PAGE = 100;

/** The history of an alert, incident or group of alerts, oldest first, as far as the bound. Throws `unavailable`. */
export async function readEntries(
  journal: Pick<JournalStore, 'listEntries'>,
  tenant: string,
  subject: { kind: 'alert' | 'incident' | 'alert_group'; id: string },
): Promise<{ entries: JournalEntry[]; truncated: boolean }> {
  const entries: JournalEntry[] = [];
  let cursor: string | undefined;
  do {
    const page = { limit: PAGE, ...(cursor !== undefined && { cursor }) };
    const found = await journal.listEntries(tenant, subject, page);
    entries.push(...found.items);
    cursor = found.cursor;
  } while (cursor !== undefined && entries.length < ENTRIES_MAX);
  return { entries, truncated: cursor !== undefined };
}
