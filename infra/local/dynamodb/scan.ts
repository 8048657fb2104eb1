import { createHash } from 'node:crypto';
import type { SQLInputValue } from 'node:sqlite';
import { bindExpressions } from './expression.ts';
import { validationFailure } from './failure.ts';
import { checkPaths, checkStartKey, findSource, readPage } from './page.ts';
import type { PageRequest, PageResponse, Source } from './page.ts';
import { shapeRequest } from './shape.ts';
import type { Store } from './store.ts';
import { itemRows, keyColumns } from './table.ts';
import type { Table } from './table.ts';
import type { Item } from './value.ts';

interface ScanRequest extends PageRequest {
  Segment?: number;
  TotalSegments?: number;
}

/** Scan of a table or an index, whole or one segment of it. Throws ValidationException. */
export function scan(body: Record<string, unknown>, store: Store): PageResponse {
  const request = shapeRequest('Scan', body) as ScanRequest;
  checkSegments(request);
  const expressions = bindExpressions(request, ['ProjectionExpression', 'FilterExpression']);
  const source = findSource(store.table(request.TableName), request);
  checkStartKey(source, request.ExclusiveStartKey);
  checkPaths(source, expressions);
  const { sql, parameters } = select(source, request.ExclusiveStartKey);
  const items = ofSegment(store.items(sql, parameters), source.table, request);
  return readPage(source, request, expressions, items);
}

function checkSegments({ Segment, TotalSegments }: ScanRequest): void {
  if (Segment === undefined && TotalSegments === undefined) return;
  if (TotalSegments === undefined || Segment === undefined) {
    const [missing, present] =
      Segment === undefined ? ['Segment', 'TotalSegments'] : ['TotalSegments', 'Segment'];
    throw validationFailure(
      `The ${missing} parameter is required but was not present in the request when ${present} parameter is present`,
    );
  }
  if (Segment >= TotalSegments) {
    throw validationFailure(
      'The Segment parameter is zero-based and must be less than parameter TotalSegments: ' +
        `Segment: ${Segment} is not less than TotalSegments: ${TotalSegments}`,
    );
  }
}

function select(
  source: Source,
  start: Item | undefined,
): { sql: string; parameters: SQLInputValue[] } {
  const { table, index } = source;
  const rows = itemRows(table);
  const own = start === undefined ? [] : keyColumns(start, table.KeySchema);
  if (index === undefined) {
    const where = start === undefined ? '' : 'WHERE (pk, sk) > (?, ?)';
    return { sql: `SELECT item FROM ${rows} ${where} ORDER BY pk, sk`, parameters: own };
  }
  const where = start === undefined ? '' : 'WHERE (x.hash, x.range, x.pk, x.sk) > (?, ?, ?, ?)';
  const sql =
    `SELECT i.item FROM ${index.rows} x CROSS JOIN ${rows} i ON i.row = x.row ${where} ` +
    'ORDER BY x.hash, x.range, x.pk, x.sk';
  return {
    sql,
    parameters: start === undefined ? [] : [...keyColumns(start, index.KeySchema), ...own],
  };
}

function* ofSegment(items: Iterable<Item>, table: Table, request: ScanRequest): Generator<Item> {
  const { Segment, TotalSegments } = request;
  for (const item of items) {
    if (Segment === undefined || TotalSegments === undefined) yield item;
    else if (partitionHash(item, table) % TotalSegments === Segment) yield item;
  }
}

function partitionHash(item: Item, table: Table): number {
  const [partition] = keyColumns(item, table.KeySchema);
  return createHash('md5').update(partition).digest().readUInt32BE();
}
