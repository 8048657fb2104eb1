import { meets } from './condition.ts';
import { database } from './dynalite.ts';
import type { ExpressionRequest, KeyElement } from './dynalite.ts';
import type { BoundExpressions } from './expression.ts';
import { validationFailure } from './failure.ts';
import { consumedCapacity, itemBytes, readUnits } from './measure.ts';
import type { ConsumedCapacity } from './measure.ts';
import { project } from './read.ts';
import { keyNames, projected, refuse, tableIndexes } from './table.ts';
import type { Index, Table } from './table.ts';
import type { Item } from './value.ts';

/** A Query or Scan reads at most 1 MB before it filters. Source: API reference, Query. */
const PAGE_BYTES_MAX = 1024 * 1024;

export interface PageRequest extends ExpressionRequest {
  TableName: string;
  IndexName?: string;
  Limit?: number;
  ConsistentRead?: boolean;
  ExclusiveStartKey?: Item;
  Select?: string;
  ReturnConsumedCapacity?: string;
}

export interface PageResponse {
  Items?: Item[];
  Count: number;
  ScannedCount: number;
  LastEvaluatedKey?: Item;
  ConsumedCapacity?: ConsumedCapacity;
}

/** Where a Query or Scan reads: the table, or one of its indexes. */
export interface Source {
  table: Table;
  index: Index | undefined;
  schema: readonly KeyElement[];
  /** Attributes of `LastEvaluatedKey`. */
  startKeyNames: readonly string[];
}

/** Throws ValidationException for an unknown index or a consistent read of a global one. */
export function findSource(table: Table, request: PageRequest): Source {
  if (request.IndexName === undefined) {
    const names = keyNames(table.KeySchema);
    return { table, index: undefined, schema: table.KeySchema, startKeyNames: names };
  }
  const index = tableIndexes(table).find((i) => i.IndexName === request.IndexName);
  if (index === undefined) {
    throw validationFailure(`The table does not have the specified index: ${request.IndexName}`);
  }
  if (index.global && request.ConsistentRead === true) {
    throw validationFailure('Consistent reads are not supported on global secondary indexes');
  }
  if (request.Select === 'ALL_ATTRIBUTES' && index.Projection.ProjectionType !== 'ALL') {
    throw validationFailure(
      'One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for ' +
        `global secondary index ${index.IndexName} because its projection type is not ALL`,
    );
  }
  const names = new Set([...keyNames(table.KeySchema), ...keyNames(index.KeySchema)]);
  return { table, index, schema: index.KeySchema, startKeyNames: [...names] };
}

/** Throws ValidationException where the start key does not fit the table and the index. */
export function checkStartKey(source: Source, start: Item | undefined): void {
  if (start === undefined) return;
  const wrong = 'The provided starting key is invalid';
  if (Object.keys(start).length !== source.startKeyNames.length) throw validationFailure(wrong);
  if (source.startKeyNames.some((name) => start[name] === undefined)) {
    throw validationFailure(wrong);
  }
  for (const schema of [source.table.KeySchema, source.schema]) {
    const key: Item = {};
    for (const name of keyNames(schema)) key[name] = start[name]!;
    const refusal = database.validateKey(key, source.table, [...schema]);
    if (refusal) throw validationFailure(`${wrong}: ${refusal.message}`);
  }
}

/** Expressions must not reach into key attributes. */
export function checkPaths(source: Source, expressions: BoundExpressions): void {
  refuse(database.validateKeyPaths(expressions.projection?.nestedPaths, source.table));
  refuse(database.validateKeyPaths(expressions.filter?.nestedPaths, source.table));
}

/** Reads one page: up to `Limit` items or 1 MB, then filters and projects. */
export function readPage(
  source: Source,
  request: PageRequest,
  expressions: BoundExpressions,
  items: Iterable<Item>,
): PageResponse {
  const { filter, projection, values } = expressions;
  const found: Item[] = [];
  let scanned = 0;
  let bytes = 0;
  let last: Item | undefined;
  for (const whole of items) {
    const { table, index } = source;
    const item = index === undefined ? whole : projected(whole, table, index);
    scanned += 1;
    bytes += itemBytes(item);
    if (filter === undefined || meets(item, filter.expression, values)) found.push(item);
    if (scanned >= (request.Limit ?? Infinity) || bytes >= PAGE_BYTES_MAX) {
      last = whole;
      break;
    }
  }
  const response: PageResponse = { Count: found.length, ScannedCount: scanned };
  if (request.Select !== 'COUNT') {
    response.Items = found.map((item) => project(item, projection));
  }
  if (last !== undefined) {
    response.LastEvaluatedKey = {};
    for (const name of source.startKeyNames) response.LastEvaluatedKey[name] = last[name]!;
  }
  const consumed = consumedCapacity(
    request.ReturnConsumedCapacity,
    source.table.TableName,
    readUnits(bytes, request.ConsistentRead === true),
  );
  if (consumed !== undefined) response.ConsumedCapacity = consumed;
  return response;
}
