import { deadSort } from '#shared/notification/dead-sort.ts';
import type { DeadDeliveryStore } from '#shared/ports/dead-delivery-store.ts';

import type { MemoryTables } from './memory-tables.ts';

/** Dead deliveries of the tables in memory, for tests. */
export function createMemoryDeadDeliveryStore(
  tables: MemoryTables,
  now: () => number,
): DeadDeliveryStore {
  return {
    async listDead(tenant, { destination }, { limit, cursor }) {
      const rows = [...tables.deliveries.values()]
        .filter(({ until, row }) => until > now() && row.tenant === tenant && row.status === 'DEAD')
        .map(({ row }) => structuredClone(row))
        .filter((row) => destination === undefined || row.destination === destination)
        .filter((row) => cursor === undefined || deadSort(row) < cursor)
        .sort((a, b) => (deadSort(a) < deadSort(b) ? 1 : -1));
      const items = rows.slice(0, limit);
      return rows.length > limit ? { items, cursor: deadSort(items.at(-1)!) } : { items };
    },
  };
}
