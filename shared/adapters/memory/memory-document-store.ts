import { SentryError } from '#shared/kernel/error.ts';
import type { Document, DocumentStore } from '#shared/ports/document-store.ts';

import { keepTold, memoryKey, type MemoryTables } from './memory-tables.ts';

/** Documents of one kind in memory; journal and outbox go into the given tables. For tests. */
export function createMemoryDocumentStore<Kind extends Document>(
  tables: Pick<MemoryTables, 'journal' | 'outbox'>,
): DocumentStore<Kind> {
  const stored = new Map<string, { tenant: string; id: string; versions: Kind[] }>();
  const of = (tenant: string, id: string) => stored.get(memoryKey(tenant, id))?.versions ?? [];
  return {
    async list(tenant) {
      return [...stored.values()]
        .filter((entry) => entry.tenant === tenant && entry.versions.at(-1)!.removed !== true)
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .map(({ versions }) => structuredClone(versions.at(-1)!));
    },
    async get(tenant, id) {
      return structuredClone(of(tenant, id).at(-1));
    },
    async versions(tenant, id) {
      return structuredClone(of(tenant, id).toReversed());
    },
    async save(tenant, { id, document, expected, journal, outbox }) {
      const versions = of(tenant, id);
      const current = versions.at(-1);
      if ((current?.version ?? 0) !== expected)
        throw new SentryError('conflict', 'Someone else changed this meanwhile.', {
          current: structuredClone(current),
        });
      stored.set(memoryKey(tenant, id), {
        tenant,
        id,
        versions: [...versions, structuredClone(document)],
      });
      keepTold(tables, journal, outbox);
    },
  };
}
