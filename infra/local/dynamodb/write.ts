import { writeCapacity } from './capacity.ts';
import { meets } from './condition.ts';
import { database } from './dynalite.ts';
import type { ExpressionRequest } from './dynalite.ts';
import { bindExpressions } from './expression.ts';
import type { BoundExpressions } from './expression.ts';
import { modelFailure, validationFailure } from './failure.ts';
import { ITEM_BYTES_MAX, itemBytes } from './measure.ts';
import type { ConsumedCapacity } from './measure.ts';
import { shapeRequest } from './shape.ts';
import type { StreamLog } from './stream.ts';
import type { Store, StoredItem } from './store.ts';
import { checkIndexKeys, checkItemKeys, checkKey, keyOf, refuse } from './table.ts';
import type { Table } from './table.ts';
import { applyUpdate } from './update.ts';
import { equalItems } from './value.ts';
import type { Item } from './value.ts';

/** What a write needs of the instance. */
export interface WriteContext {
  store: Store;
  stream: StreamLog;
  /** Milliseconds since the epoch. */
  now(): number;
}

interface WriteRequest extends ExpressionRequest {
  TableName: string;
  Item?: Item;
  Key?: Item;
  ReturnValues?: string;
  ReturnConsumedCapacity?: string;
  ReturnValuesOnConditionCheckFailure?: string;
}

export type WriteKind = 'Put' | 'Update' | 'Delete' | 'ConditionCheck';

/** A checked write, not yet looked at against the stored item. */
export interface Write {
  kind: WriteKind;
  table: Table;
  request: WriteRequest;
  key: Item;
  expressions: BoundExpressions;
}

/** What a write will do to its item. */
export interface Decision {
  write: Write;
  old: StoredItem | undefined;
  /** The item afterwards; undefined where none is left. */
  next: Item | undefined;
}

const SHAPE = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'DeleteItem',
} as const;

const RETURNABLE: Record<WriteKind, readonly string[]> = {
  Put: ['NONE', 'ALL_OLD'],
  Update: ['NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW'],
  Delete: ['NONE', 'ALL_OLD'],
  ConditionCheck: ['NONE'],
};

/** Checks a request against its shape, its expressions and its table's keys; reads no item. */
export function prepareWrite(kind: WriteKind, body: Record<string, unknown>, store: Store): Write {
  const request = shapeRequest(SHAPE[kind], body) as WriteRequest;
  const expressions = bindExpressions(
    request,
    kind === 'Update' ? ['UpdateExpression', 'ConditionExpression'] : ['ConditionExpression'],
  );
  if (!RETURNABLE[kind].includes(request.ReturnValues ?? 'NONE')) {
    throw validationFailure('ReturnValues can only be ALL_OLD or NONE');
  }
  const table = store.table(request.TableName);
  if (kind === 'Put') {
    if (itemBytes(request.Item!) > ITEM_BYTES_MAX) {
      throw validationFailure('Item size has exceeded the maximum allowed size');
    }
    checkItemKeys(request.Item!, table);
    return { kind, table, request, expressions, key: keyOf(request.Item!, table) };
  }
  checkKey(request.Key!, table);
  if (kind === 'Update') refuse(database.validateUpdates(undefined, expressions.updates, table));
  return { kind, table, request, expressions, key: request.Key! };
}

/**
 * Reads the item and decides what the write makes of it, without writing.
 * Throws ConditionalCheckFailedException (with `Item` where asked) and ValidationException.
 */
export function decideWrite(write: Write, store: Store): Decision {
  const { kind, request, expressions, table } = write;
  const old = store.read(table, write.key);
  if (expressions.condition !== undefined) {
    if (!meets(old?.item ?? {}, expressions.condition, expressions.values)) {
      const shown = request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && old !== undefined;
      throw modelFailure(
        'ConditionalCheckFailedException',
        'The conditional request failed',
        shown ? { Item: old.item } : {},
      );
    }
  }
  return { write, old, next: afterwards(kind, write, old) };
}

function afterwards(kind: WriteKind, write: Write, old: StoredItem | undefined): Item | undefined {
  if (kind === 'Delete') return undefined;
  if (kind === 'ConditionCheck') return old?.item;
  if (kind === 'Put') return write.request.Item!;
  const { updates, values } = write.expressions;
  const next = old === undefined ? { ...write.key } : (JSON.parse(old.text) as Item);
  if (updates !== undefined) applyUpdate(next, updates.sections, values);
  checkIndexKeys(next, write.table);
  if (itemBytes(next) > ITEM_BYTES_MAX) {
    throw validationFailure('Item size to update has exceeded the maximum allowed size');
  }
  return next;
}

/**
 * Writes a decision: item, index rows and stream record. A write that changes nothing leaves no
 * record (Developer guide, "Change data capture for DynamoDB Streams"). Call inside a transaction.
 */
export function carryOut(decision: Decision, context: WriteContext, expired = false): void {
  const { write, old, next } = decision;
  if (write.kind === 'ConditionCheck') return;
  if (old === undefined && next === undefined) return;
  const text = next === undefined ? '' : JSON.stringify(next);
  if (old !== undefined && next !== undefined) {
    if (text === old.text || equalItems(old.item, next)) return;
  }
  context.store.write(write.table, write.key, old, next, text);
  if (!write.table.stream?.enabled) return;
  const change = {
    table: write.table,
    key: JSON.stringify(keyOf(write.key, write.table)),
    old: old?.text,
    new: next === undefined ? undefined : text,
    expired,
  };
  context.stream.append(change, context.now());
}

export interface WriteResponse {
  Attributes?: Item;
  ConsumedCapacity?: ConsumedCapacity;
}

/** PutItem, UpdateItem, DeleteItem. */
export function writeItem(
  kind: WriteKind,
  body: Record<string, unknown>,
  context: WriteContext,
): WriteResponse {
  const write = prepareWrite(kind, body, context.store);
  const decision = context.store.transaction(() => {
    const decided = decideWrite(write, context.store);
    carryOut(decided, context);
    return decided;
  });
  const response: WriteResponse = {};
  const attributes = returned(decision);
  if (attributes !== undefined) response.Attributes = attributes;
  const [consumed] = writeCapacity(write.request.ReturnConsumedCapacity, [decision]);
  if (consumed !== undefined) response.ConsumedCapacity = consumed;
  return response;
}

function returned({ write, old, next }: Decision): Item | undefined {
  const paths = write.expressions.updates?.paths ?? [];
  switch (write.request.ReturnValues) {
    case 'ALL_OLD':
      return old?.item;
    case 'ALL_NEW':
      return next;
    case 'UPDATED_OLD':
      return old === undefined ? undefined : filled(database.mapPaths(paths, old.item));
    case 'UPDATED_NEW':
      return filled(database.mapPaths(paths, next!));
    default:
      return undefined;
  }
}

function filled(item: Item): Item | undefined {
  return Object.keys(item).length === 0 ? undefined : item;
}
