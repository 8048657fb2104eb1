import { dueShard } from '#shared/kernel/due-shard.ts';
import type { JournalStore } from '#shared/ports/work-store.ts';

import { memoryKey, type MemoryTables } from './memory-tables.ts';

/** A JournalStore over the tables a memory WorkStore commits into, for tests. */
export function createMemoryJournalStore(tables: MemoryTables, now: () => number): JournalStore {
  const position = (entry: { at: string; entry_id: string }) => `${entry.at}#${entry.entry_id}`;

  /** Oldest first. */
  function entriesOf(tenant: string, subject: { kind: string; id: string }) {
    return [...tables.journal.values()]
      .filter(({ row, until }) => {
        const same = row.subject.kind === subject.kind && row.subject.id === subject.id;
        return until > now() && row.tenant === tenant && same;
      })
      .map(({ row }) => structuredClone(row))
      .sort((a, b) => (position(a) < position(b) ? -1 : 1));
  }

  return {
    async listEntries(tenant, subject, { limit, cursor }) {
      const sorted = entriesOf(tenant, subject).filter(
        (row) => cursor === undefined || position(row) > cursor,
      );
      const items = sorted.slice(0, limit);
      return sorted.length > limit ? { items, cursor: position(items.at(-1)!) } : { items };
    },
    async newestEntries(tenant, subject, limit) {
      return entriesOf(tenant, subject).toReversed().slice(0, limit);
    },
    async listOutbox(shard, before, limit) {
      return [...tables.outbox.values()]
        .filter((row) => dueShard(row.outbox_id) === shard && row.created_at <= before)
        .sort((a, b) => (a.created_at < b.created_at ? -1 : 1))
        .slice(0, limit)
        .map((row) => structuredClone(row));
    },
    async deleteOutbox(rows) {
      for (const row of rows) tables.outbox.delete(memoryKey(row.tenant, row.outbox_id));
    },
  };
}
