import { type ConsumedCapacity, itemBytes, writeUnits } from './measure.ts';
import { type Index, indexColumns, projected, type Table, tableIndexes } from './table.ts';
import { equalItems, type Item } from './value.ts';
import type { Decision } from './write.ts';

/** DynamoDB writes each item of a transaction twice: to prepare and to commit. Indexes follow after the commit. */
export const TRANSACTION_FACTOR = 2;

interface Used {
  table: number;
  indexes: Map<Index, number>;
}

/**
 * What writes report as consumed, one entry per table in the order met; nothing unless `mode` asks.
 * `factor` is for what tables are written, not for their indexes.
 * Source: Developer guide, "Write capacity considerations" of global secondary indexes.
 */
export function writeCapacity(
  mode: string | undefined,
  decisions: readonly Decision[],
  factor = 1,
): ConsumedCapacity[] {
  if (mode !== 'TOTAL' && mode !== 'INDEXES') return [];
  const byTable = new Map<string, Used>();
  for (const { write, old, next } of decisions) {
    const { table } = write;
    const used = byTable.get(table.TableName) ?? { table: 0, indexes: new Map() };
    byTable.set(table.TableName, used);
    used.table += factor * writeUnits(bytesOf(old?.item), bytesOf(next));
    for (const index of tableIndexes(table)) {
      const units = indexUnits(table, index, old?.item, next);
      if (units > 0) used.indexes.set(index, (used.indexes.get(index) ?? 0) + units);
    }
  }
  return [...byTable].map(([name, used]) => report(mode, name, used));
}

function bytesOf(item: Item | undefined): number {
  return item === undefined ? 0 : itemBytes(item);
}

/** A row that comes, goes or changes is one write, one whose key changes is two, of its own size. */
function indexUnits(
  table: Table,
  index: Index,
  old: Item | undefined,
  next: Item | undefined,
): number {
  const [from, to] = [indexColumns(old, index), indexColumns(next, index)];
  const [gone, come] = [
    from && projected(old!, table, index),
    to && projected(next!, table, index),
  ];
  if (gone === undefined || come === undefined)
    return gone === undefined && come === undefined ? 0 : writeUnits(bytesOf(gone), bytesOf(come));
  if (JSON.stringify(from) !== JSON.stringify(to))
    return writeUnits(bytesOf(gone), 0) + writeUnits(0, bytesOf(come));
  return equalItems(gone, come) ? 0 : writeUnits(bytesOf(gone), bytesOf(come));
}

function report(mode: 'TOTAL' | 'INDEXES', TableName: string, used: Used): ConsumedCapacity {
  const ofIndexes = [...used.indexes].reduce((sum, [, units]) => sum + units, 0);
  const consumed: ConsumedCapacity = { TableName, CapacityUnits: used.table + ofIndexes };
  if (mode === 'TOTAL') return consumed;
  consumed.Table = { CapacityUnits: used.table };
  for (const [index, CapacityUnits] of used.indexes) {
    const kind = index.global ? 'GlobalSecondaryIndexes' : 'LocalSecondaryIndexes';
    (consumed[kind] ??= {})[index.IndexName] = { CapacityUnits };
  }
  return consumed;
}
