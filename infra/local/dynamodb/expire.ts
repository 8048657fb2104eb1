import { itemRows } from './table.ts';
import { carryOut } from './write.ts';
import type { WriteContext } from './write.ts';

/** Times longer past than this are taken for mistakes and kept. Source: Developer guide, "Using time to live (TTL) in DynamoDB". */
const PAST_SECONDS_MAX = 5 * 365 * 24 * 3600;
const BATCH = 500;

/**
 * Deletes the items whose TTL is past, with REMOVE records by the service; returns how many. Until
 * then reads and queries return them, as on AWS.
 */
export function sweepExpired(context: WriteContext): number {
  const now = Math.floor(context.now() / 1000);
  let removed = 0;
  for (const table of context.store.tables()) {
    if (table.ttlAttribute === undefined) continue;
    const due = `SELECT item FROM ${itemRows(table)} WHERE expires <= ? AND expires >= ? LIMIT ${BATCH}`;
    for (;;) {
      const count = context.store.transaction(() => {
        const items = [...context.store.items(due, [now, now - PAST_SECONDS_MAX])];
        for (const item of items) {
          const write = {
            kind: 'Delete',
            table,
            request: table,
            key: item,
            expressions: { values: {} },
          } as const;
          const old = context.store.read(table, item);
          carryOut({ write, old, next: undefined }, context, true);
        }
        return items.length;
      });
      removed += count;
      if (count < BATCH) break;
    }
  }
  return removed;
}
