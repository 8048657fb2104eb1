import { randomUUID } from 'node:crypto';
import { countItems, describeTable, existingTable } from './describe.ts';
import type { Body, ControlContext } from './describe.ts';
import { shapeOf } from './dynalite.ts';
import { modelFailure, validationFailure } from './failure.ts';
import { shapeRequest } from './shape.ts';
import type { Store } from './store.ts';
import { tableIndexes } from './table.ts';
import { tagsOf } from './tag.ts';
import type { StreamViewType, Table } from './table.ts';

/** CreateTable; ACTIVE at once. Throws ResourceInUseException, ValidationException. */
export function createTable(body: Body, context: ControlContext): Body {
  const shaped = shapeRequest('CreateTable', body) as Table & { BillingMode?: string };
  if (shaped.BillingMode === undefined && body['ProvisionedThroughput'] === undefined) {
    shaped.BillingMode = 'PAY_PER_REQUEST';
  }
  const refusal = shapeOf('CreateTable').custom?.(shaped, undefined);
  if (refusal !== undefined) throw validationFailure(refusal);
  const { TableName } = shaped;
  if (context.store.find(TableName) !== undefined) {
    throw modelFailure('ResourceInUseException', `Table already exists: ${TableName}`);
  }
  const definition: Omit<Table, 'number'> = {
    TableName,
    KeySchema: shaped.KeySchema,
    AttributeDefinitions: shaped.AttributeDefinitions,
    TableId: randomUUID(),
    CreationDateTime: context.now() / 1000,
    DeletionProtectionEnabled: body['DeletionProtectionEnabled'] === true,
    tags: tagsOf(body['Tags']),
  };
  const { GlobalSecondaryIndexes, LocalSecondaryIndexes } = shaped;
  if (GlobalSecondaryIndexes) definition.GlobalSecondaryIndexes = GlobalSecondaryIndexes;
  if (LocalSecondaryIndexes) definition.LocalSecondaryIndexes = LocalSecondaryIndexes;
  const stream = streamOf(body['StreamSpecification'], context.now());
  if (stream !== undefined) definition.stream = stream;
  return { TableDescription: describeTable(context.store.addTable(definition), 0) };
}

function streamOf(specification: unknown, now: number): Table['stream'] | undefined {
  const { StreamEnabled, StreamViewType } = (specification ?? {}) as {
    StreamEnabled?: boolean;
    StreamViewType?: StreamViewType;
  };
  if (StreamEnabled !== true) return undefined;
  if (StreamViewType === undefined) {
    throw validationFailure(
      'One or more parameter values were invalid: StreamViewType is required when StreamEnabled is true',
    );
  }
  const label = new Date(now).toISOString().slice(0, -1);
  return { enabled: true, view: StreamViewType, label };
}

export function deleteTable(body: Body, { store }: ControlContext): Body {
  const table = existingTable(body, store);
  if (table.DeletionProtectionEnabled) {
    throw validationFailure(
      `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`,
    );
  }
  const description = describeTable(table, 0);
  store.dropTable(table);
  return { TableDescription: { ...description, TableStatus: 'DELETING' } };
}

export function describeOneTable(body: Body, { store }: ControlContext): Body {
  const table = existingTable(body, store);
  return { Table: describeTable(table, countItems(table, store)) };
}

export function listTables(body: Body, { store }: ControlContext): Body {
  const limit = typeof body['Limit'] === 'number' ? body['Limit'] : 100;
  const after = body['ExclusiveStartTableName'];
  const names = store
    .tables()
    .map((table) => table.TableName)
    .filter((name) => typeof after !== 'string' || name > after);
  const page = names.slice(0, limit);
  if (names.length <= limit) return { TableNames: page };
  return { TableNames: page, LastEvaluatedTableName: page.at(-1) };
}

/** UpdateTable: stream, deletion protection, new and deleted global indexes (built at once). */
export function updateTable(body: Body, context: ControlContext): Body {
  const { store } = context;
  const next: Table = { ...existingTable(body, store) };
  if (body['StreamSpecification'] !== undefined) {
    const stream = streamOf(body['StreamSpecification'], context.now());
    if (stream !== undefined && next.stream?.enabled) {
      throw modelFailure('ResourceInUseException', 'Table already has an enabled stream');
    }
    if (stream !== undefined) next.stream = stream;
    else if (next.stream !== undefined) next.stream = { ...next.stream, enabled: false };
  }
  if (typeof body['DeletionProtectionEnabled'] === 'boolean') {
    next.DeletionProtectionEnabled = body['DeletionProtectionEnabled'];
  }
  if (Array.isArray(body['AttributeDefinitions'])) {
    next.AttributeDefinitions = body['AttributeDefinitions'] as Table['AttributeDefinitions'];
  }
  store.transaction(() => {
    for (const change of (body['GlobalSecondaryIndexUpdates'] ?? []) as Record<string, Body>[]) {
      changeIndex(next, change, store);
    }
    store.saveTable(next);
  });
  return { TableDescription: describeTable(next, countItems(next, store)) };
}

function changeIndex(table: Table, change: Record<string, Body>, store: Store): void {
  const indexes = table.GlobalSecondaryIndexes ?? [];
  if (change['Delete'] !== undefined) {
    const name = change['Delete']['IndexName'];
    const index = tableIndexes({ ...table }).find((i) => i.global && i.IndexName === name);
    if (index === undefined) {
      throw modelFailure('ResourceNotFoundException', 'Requested resource not found');
    }
    store.dropIndexRows(index);
    table.GlobalSecondaryIndexes = indexes.filter((i) => i.IndexName !== name);
  } else if (change['Create'] !== undefined) {
    const created = change['Create'] as unknown as NonNullable<Table['GlobalSecondaryIndexes']>[0];
    table.GlobalSecondaryIndexes = [...indexes, created];
    const refusal = shapeOf('CreateTable').custom?.(
      { ...table, BillingMode: 'PAY_PER_REQUEST' },
      undefined,
    );
    if (refusal !== undefined) throw validationFailure(refusal);
    const index = tableIndexes({ ...table }).find((i) => i.IndexName === created.IndexName)!;
    store.addIndexRows(index);
    store.fillIndex(table, index);
  }
}

export function describeContinuousBackups(body: Body, { store }: ControlContext): Body {
  existingTable(body, store);
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    },
  };
}
