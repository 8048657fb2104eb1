import { database } from './dynalite.ts';
import type { ExpressionRequest } from './dynalite.ts';
import { bindExpressions } from './expression.ts';
import type { ParsedExpressions } from './expression.ts';
import { consumedCapacity, itemBytes, readUnits } from './measure.ts';
import type { ConsumedCapacity } from './measure.ts';
import { shapeRequest } from './shape.ts';
import type { Store } from './store.ts';
import { checkKey, refuse } from './table.ts';
import type { Table } from './table.ts';
import type { Item } from './value.ts';

interface GetRequest extends ExpressionRequest {
  TableName: string;
  Key: Item;
  ConsistentRead?: boolean;
  ReturnConsumedCapacity?: string;
}

interface PreparedGet {
  table: Table;
  request: GetRequest;
  /** The item as the projection shows it, and the bytes it has whole. */
  read: () => { item: Item | undefined; bytes: number };
}

/** Checks a Get against its shape and its table; `read` then looks the item up. */
export function prepareGet(body: Record<string, unknown>, store: Store): PreparedGet {
  const request = shapeRequest('GetItem', body) as GetRequest;
  const { projection } = bindExpressions(request, ['ProjectionExpression']);
  const table = store.table(request.TableName);
  checkKey(request.Key, table);
  refuse(database.validateKeyPaths(projection?.nestedPaths, table));
  return {
    table,
    request,
    read: () => {
      const item = store.read(table, request.Key)?.item;
      if (item === undefined) return { item, bytes: 0 };
      return { item: project(item, projection), bytes: itemBytes(item) };
    },
  };
}

/** The attributes a ProjectionExpression names; all of them without one. */
export function project(item: Item, projection: ParsedExpressions['projection']): Item {
  return projection === undefined ? item : database.mapPaths(projection.paths, item);
}

interface GetResponse {
  Item?: Item;
  ConsumedCapacity?: ConsumedCapacity;
}

/** GetItem. An item past its TTL is returned until the sweep removed it. */
export function getItem(body: Record<string, unknown>, store: Store): GetResponse {
  const { table, request, read } = prepareGet(body, store);
  const { item, bytes } = read();
  const response: GetResponse = {};
  if (item !== undefined) response.Item = item;
  const consumed = consumedCapacity(
    request.ReturnConsumedCapacity,
    table.TableName,
    readUnits(bytes, request.ConsistentRead === true),
  );
  if (consumed !== undefined) response.ConsumedCapacity = consumed;
  return response;
}
