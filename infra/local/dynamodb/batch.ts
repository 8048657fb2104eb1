import { writeCapacity } from './capacity.ts';
import { database } from './dynalite.ts';
import type { ExpressionRequest } from './dynalite.ts';
import { checkItem, cleanItem } from './check-value.ts';
import { bindExpressions } from './expression.ts';
import { validationFailure } from './failure.ts';
import { consumedCapacity, itemBytes, readUnits } from './measure.ts';
import type { ConsumedCapacity } from './measure.ts';
import { project } from './read.ts';
import { shapeRequest } from './shape.ts';
import type { Store } from './store.ts';
import { checkKey, keyColumns, refuse } from './table.ts';
import type { Item } from './value.ts';
import { carryOut, decideWrite, prepareWrite } from './write.ts';
import type { WriteContext } from './write.ts';

/** Source of the limits: API reference, BatchGetItem and BatchWriteItem. */
const KEYS_MAX = 100;
const WRITES_MAX = 25;
const RESPONSE_BYTES_MAX = 16 * 1024 * 1024;
const TWICE = 'Provided list of item keys contains duplicates';

interface TableKeys extends ExpressionRequest {
  Keys: Item[];
  ConsistentRead?: boolean;
}

interface BatchGetResponse {
  Responses: Record<string, Item[]>;
  UnprocessedKeys: Record<string, TableKeys>;
  ConsumedCapacity?: ConsumedCapacity[];
}

/** BatchGetItem; keys that would take the response over 16 MB come back unprocessed. */
export function batchGet(body: Record<string, unknown>, store: Store): BatchGetResponse {
  const request = shapeRequest('BatchGetItem', body) as {
    RequestItems: Record<string, TableKeys>;
    ReturnConsumedCapacity?: string;
  };
  const response: BatchGetResponse = { Responses: {}, UnprocessedKeys: {} };
  const consumed: ConsumedCapacity[] = [];
  let count = 0;
  let total = 0;
  for (const [name, wanted] of Object.entries(request.RequestItems)) {
    const { projection } = bindExpressions(wanted, ['ProjectionExpression']);
    const table = store.table(name);
    refuse(database.validateKeyPaths(projection?.nestedPaths, table));
    const items: Item[] = (response.Responses[name] = []);
    const left: Item[] = [];
    const seen = new Set<string>();
    let units = 0;
    for (const key of wanted.Keys) {
      if (!cleanItem(key)) checkItem(key);
      checkKey(key, table);
      seen.add(JSON.stringify(keyColumns(key, table.KeySchema)));
      if (++count > KEYS_MAX) {
        throw validationFailure('Too many items requested for the BatchGetItem call');
      }
      const item = store.read(table, key)?.item;
      const bytes = item === undefined ? 0 : itemBytes(item);
      if (total + bytes > RESPONSE_BYTES_MAX) {
        left.push(key);
        continue;
      }
      total += bytes;
      units += readUnits(bytes, wanted.ConsistentRead === true);
      if (item !== undefined) items.push(project(item, projection));
    }
    if (seen.size < wanted.Keys.length) throw validationFailure(TWICE);
    if (left.length > 0) response.UnprocessedKeys[name] = { ...wanted, Keys: left };
    const used = consumedCapacity(request.ReturnConsumedCapacity, name, units);
    if (used !== undefined) consumed.push(used);
  }
  if (consumed.length > 0) response.ConsumedCapacity = consumed;
  return response;
}

interface WriteRequest {
  PutRequest?: { Item: Item };
  DeleteRequest?: { Key: Item };
}

interface BatchWriteResponse {
  UnprocessedItems: Record<string, WriteRequest[]>;
  ConsumedCapacity?: ConsumedCapacity[];
}

/** BatchWriteItem; the whole batch is checked first, then each write stands for itself. */
export function batchWrite(
  body: Record<string, unknown>,
  context: WriteContext,
): BatchWriteResponse {
  const request = shapeRequest('BatchWriteItem', body) as {
    RequestItems: Record<string, WriteRequest[]>;
    ReturnConsumedCapacity?: string;
  };
  const seen = new Set<string>();
  const writes = Object.entries(request.RequestItems).flatMap(([TableName, requests]) =>
    requests.map(({ PutRequest, DeleteRequest }) => {
      if ((PutRequest === undefined) === (DeleteRequest === undefined)) {
        throw validationFailure(
          'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
        );
      }
      const write =
        PutRequest === undefined
          ? prepareWrite('Delete', { TableName, Key: DeleteRequest!.Key }, context.store)
          : prepareWrite('Put', { TableName, Item: PutRequest.Item }, context.store);
      seen.add(JSON.stringify([TableName, ...keyColumns(write.key, write.table.KeySchema)]));
      return write;
    }),
  );
  if (writes.length > WRITES_MAX) {
    throw validationFailure('Too many items requested for the BatchWriteItem call');
  }
  if (seen.size < writes.length) throw validationFailure(TWICE);
  const decisions = context.store.transaction(() =>
    writes.map((write) => {
      const decision = decideWrite(write, context.store);
      carryOut(decision, context);
      return decision;
    }),
  );
  const consumed = writeCapacity(request.ReturnConsumedCapacity, decisions);
  const response: BatchWriteResponse = { UnprocessedItems: {} };
  if (consumed.length > 0) response.ConsumedCapacity = consumed;
  return response;
}
