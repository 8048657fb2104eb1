import { createHash } from 'node:crypto';
import { TRANSACTION_FACTOR, writeCapacity } from './capacity.ts';
import { DynamoFailure, modelFailure, transactionCanceled, validationFailure } from './failure.ts';
import type { CancellationReason } from './failure.ts';
import { consumedCapacity, itemBytes, readUnits } from './measure.ts';
import type { ConsumedCapacity } from './measure.ts';
import { prepareGet } from './read.ts';
import type { Store } from './store.ts';
import { keyColumns } from './table.ts';
import type { Item } from './value.ts';
import { carryOut, decideWrite, prepareWrite } from './write.ts';
import type { Decision, Write, WriteContext, WriteKind } from './write.ts';

/** Source of the limits: Service quotas, "Transactions". */
const ACTIONS_MAX = 100;
const BYTES_MAX = 4 * 1024 * 1024;
const TOKEN_CHARACTERS_MAX = 36;
/** A client request token is valid for 10 minutes. */
const TOKEN_MS = 10 * 60 * 1000;
const WRITES: readonly WriteKind[] = ['Put', 'Update', 'Delete', 'ConditionCheck'];

interface TransactRequest {
  TransactItems?: Record<string, Record<string, unknown>>[];
  ClientRequestToken?: string;
  ReturnConsumedCapacity?: string;
}

interface TransactResponse {
  ConsumedCapacity?: ConsumedCapacity[];
}

/**
 * TransactWriteItems: all actions or none, in one SQLite transaction.
 * Throws TransactionCanceledException with one reason per action in the order of the request,
 * IdempotentParameterMismatchException, ValidationException.
 */
export function transactWrite(
  body: Record<string, unknown>,
  context: WriteContext,
): TransactResponse {
  const request = body as TransactRequest;
  const actions = checkActions(request.TransactItems);
  const token = checkToken(request.ClientRequestToken);
  const { store } = context;
  return store.transaction(() => {
    if (token !== undefined && alreadyDone(token, request, context)) {
      return capacity(request, readAgain(actions, store));
    }
    const writes = actions.map((action) => prepareAction(action, store));
    checkDistinct(writes);
    const decisions = decideAll(writes, store);
    for (const decision of decisions) carryOut(decision, context);
    if (token !== undefined) remember(token, request, context);
    const { ReturnConsumedCapacity: mode } = request;
    const ConsumedCapacity = writeCapacity(mode, decisions, TRANSACTION_FACTOR);
    return ConsumedCapacity.length === 0 ? {} : { ConsumedCapacity };
  });
}

function checkActions(actions: unknown): Record<string, Record<string, unknown>>[] {
  if (!Array.isArray(actions)) {
    throw validationFailure(
      "1 validation error detected: Value null at 'transactItems' failed to satisfy constraint: Member must not be null",
    );
  }
  const bound = actions.length < 1 ? 'greater than or equal to 1' : 'less than or equal to 100';
  if (actions.length < 1 || actions.length > ACTIONS_MAX) {
    throw validationFailure(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length ${bound}`,
    );
  }
  return actions;
}

function checkToken(token: unknown): string | undefined {
  if (token === undefined || token === null) return undefined;
  if (typeof token === 'string' && token.length >= 1 && token.length <= TOKEN_CHARACTERS_MAX) {
    return token;
  }
  throw validationFailure(
    "1 validation error detected: Value at 'clientRequestToken' failed to satisfy constraint: Member must have length less than or equal to 36",
  );
}

function prepareAction(action: Record<string, Record<string, unknown>>, store: Store): Write {
  const kinds = WRITES.filter((kind) => action[kind] !== undefined);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) {
    throw validationFailure('TransactItems can only contain one of Check, Put, Update or Delete');
  }
  const body = action[kind]!;
  const needed = { ConditionCheck: 'ConditionExpression', Update: 'UpdateExpression' }[
    kind as string
  ];
  if (needed !== undefined && body[needed] === undefined) {
    throw validationFailure(
      `1 validation error detected: Value null at '${needed}' failed to satisfy constraint: Member must not be null`,
    );
  }
  return prepareWrite(kind, body, store);
}

function checkDistinct(writes: readonly Write[]): void {
  const seen = new Set<string>();
  for (const { table, key } of writes) {
    seen.add(JSON.stringify([table.TableName, ...keyColumns(key, table.KeySchema)]));
  }
  if (seen.size < writes.length) {
    throw validationFailure('Transaction request cannot include multiple operations on one item');
  }
}

function decideAll(writes: readonly Write[], store: Store): Decision[] {
  const decisions: Decision[] = [];
  const reasons: CancellationReason[] = [];
  let bytes = 0;
  for (const write of writes) {
    try {
      const decision = decideWrite(write, store);
      decisions.push(decision);
      reasons.push({ Code: 'None' });
      if (write.kind !== 'ConditionCheck') bytes += itemBytes(decision.next ?? {});
    } catch (error) {
      reasons.push(reasonOf(error));
    }
  }
  if (reasons.some((reason) => reason.Code !== 'None')) throw transactionCanceled(reasons);
  if (bytes > BYTES_MAX) {
    throw validationFailure(
      'Collection size of items in the transaction exceeded the limit of 4 MB',
    );
  }
  return decisions;
}

function reasonOf(error: unknown): CancellationReason {
  if (!(error instanceof DynamoFailure)) throw error;
  const codes: Record<string, string> = {
    ConditionalCheckFailedException: 'ConditionalCheckFailed',
    ValidationException: 'ValidationError',
  };
  const code = codes[error.name];
  if (code === undefined) throw error;
  const reason: CancellationReason = { Code: code, Message: error.message };
  if (error.body['Item'] !== undefined) reason.Item = error.body['Item'];
  return reason;
}

function digest(request: TransactRequest): string {
  return createHash('sha256').update(JSON.stringify(request.TransactItems)).digest('base64');
}

function alreadyDone(token: string, request: TransactRequest, context: WriteContext): boolean {
  const known = context.store
    .prepare('SELECT request FROM tokens WHERE token = ? AND at > ?')
    .get(token, context.now() - TOKEN_MS);
  if (known === undefined) return false;
  if (known['request'] === digest(request)) return true;
  const message =
    'DynamoDB rejected the request because you retried a request with a different payload but with an idempotent token that was already used.';
  throw modelFailure('IdempotentParameterMismatchException', message, { Message: message });
}

function remember(token: string, request: TransactRequest, context: WriteContext): void {
  const { store } = context;
  const now = context.now();
  store.prepare('DELETE FROM tokens WHERE at <= ?').run(now - TOKEN_MS);
  store
    .prepare('INSERT OR REPLACE INTO tokens (token, request, at) VALUES (?, ?, ?)')
    .run(token, digest(request), now);
}

/** A repeated request reports the read units of looking the items up. */
function readAgain(
  actions: readonly Record<string, Record<string, unknown>>[],
  store: Store,
): (readonly [string, number])[] {
  return actions.map((action) => {
    const { table, key } = prepareAction(action, store);
    const bytes = itemBytes(store.read(table, key)?.item ?? {});
    return [table.TableName, readUnits(bytes, true) * 2] as const;
  });
}

function capacity(
  request: TransactRequest,
  units: readonly (readonly [string, number])[],
): TransactResponse {
  const perTable = new Map<string, number>();
  for (const [table, used] of units) perTable.set(table, (perTable.get(table) ?? 0) + used);
  const consumed = [...perTable].flatMap(
    ([table, used]) => consumedCapacity(request.ReturnConsumedCapacity, table, used) ?? [],
  );
  return consumed.length === 0 ? {} : { ConsumedCapacity: consumed };
}

/** TransactGetItems: every read sees the same state. */
export function transactGet(
  body: Record<string, unknown>,
  store: Store,
): TransactResponse & { Responses: { Item?: Item }[] } {
  const request = body as TransactRequest;
  const units: (readonly [string, number])[] = [];
  const responses = checkActions(request.TransactItems).map((action) => {
    if (action['Get'] === undefined) {
      throw validationFailure(
        "1 validation error detected: Value null at 'transactItems.1.member.get' failed to satisfy constraint: Member must not be null",
      );
    }
    const { table, read } = prepareGet(action['Get'], store);
    const { item, bytes } = read();
    units.push([table.TableName, readUnits(bytes, true) * 2]);
    return item === undefined ? {} : { Item: item };
  });
  return { Responses: responses, ...capacity(request, units) };
}
