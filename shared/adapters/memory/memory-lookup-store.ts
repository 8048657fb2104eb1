import { SentryError } from '#shared/kernel/error.ts';
import { headOf, type Lookup } from '#shared/lookup/schema.ts';
import type { LookupStore } from '#shared/ports/lookup-store.ts';

import { keepTold, memoryKey, type MemoryTables } from './memory-tables.ts';

/**
 * A LookupStore in memory; journal and outbox go into the given tables, `touched` is told whose rule set
 * is to move. For tests.
 */
export function createMemoryLookupStore(
  tables: Pick<MemoryTables, 'journal' | 'outbox'>,
  touched: (tenant: string) => void,
): LookupStore {
  const lookups = new Map<string, { tenant: string; lookup: Lookup }>();
  return {
    async list(tenant) {
      return [...lookups.values()]
        .filter((entry) => entry.tenant === tenant)
        .map(({ lookup }) => structuredClone(headOf(lookup)))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async get(tenant, name) {
      return structuredClone(lookups.get(memoryKey(tenant, name))?.lookup);
    },
    async save(tenant, { lookup, expected, journal, outbox }) {
      const current = lookups.get(memoryKey(tenant, lookup.name))?.lookup;
      if ((current?.version ?? 0) !== expected)
        throw new SentryError('conflict', 'Someone else changed this lookup table meanwhile.', {
          current: current && structuredClone(headOf(current)),
        });
      lookups.set(memoryKey(tenant, lookup.name), { tenant, lookup: structuredClone(lookup) });
      touched(tenant);
      keepTold(tables, journal, outbox);
    },
  };
}
