import { dueShard } from '#shared/kernel/due-shard.ts';
import type { JournalStore } from '#shared/ports/work-store.ts';

import { memoryKey, type MemoryTables } from './memory-tables.ts';

/** A JournalStore over the tables a memory WorkStore commits into, for tests. */
export function createMemoryJournalStore(tables: MemoryTables, now: () => number): JournalStore {
  return {
    async listEntries(tenant, subject, { limit, cursor }) {
      const position = (entry: { at: string; entry_id: string }) => `${entry.at}#${entry.entry_id}`;
      const sorted = [...tables.journal.values()]
        .filter(({ row, until }) => {
          const same = row.subject.kind === subject.kind && row.subject.id === subject.id;
          const after = cursor === undefined || position(row) > cursor;
          return until > now() && row.tenant === tenant && same && after;
        })
        .map(({ row }) => structuredClone(row))
        .sort((a, b) => (position(a) < position(b) ? -1 : 1));
      const items = sorted.slice(0, limit);
      return sorted.length > limit ? { items, cursor: position(items.at(-1)!) } : { items };
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
