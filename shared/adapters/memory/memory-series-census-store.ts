import type { SeriesCensus } from '#shared/detection/series.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { SeriesCensusStore } from '#shared/ports/series-census-store.ts';

import { memoryKey } from './memory-tables.ts';

/** A SeriesCensusStore in this process's memory, for tests. */
export function createMemorySeriesCensusStore(): SeriesCensusStore {
  const rows = new Map<string, SeriesCensus>();
  return {
    get: async (tenant, weeks) =>
      weeks.map((week) => structuredClone(rows.get(memoryKey(tenant, week)))),
    async put(census, expected) {
      const key = memoryKey(census.tenant, census.week);
      if ((rows.get(key)?.revision ?? 0) !== expected)
        throw new SentryError('conflict', 'Someone else counted meanwhile.');
      rows.set(key, structuredClone(census));
    },
  };
}
