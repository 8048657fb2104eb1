import { randomUUID } from 'node:crypto';
import { localArn } from '#infra/local/service.ts';
import { shapeOf } from './dynalite.ts';
import { modelFailure, validationFailure } from './failure.ts';
import { shapeRequest } from './shape.ts';
import { streamArn } from './stream.ts';
import type { Store } from './store.ts';
import { itemRows, tableIndexes } from './table.ts';
import type { StreamViewType, Table } from './table.ts';

type Body = Record<string, unknown>;

/** What the control plane needs of the instance. */
export interface ControlContext {
  store: Store;
  now(): number;
}

function nameOf(body: Body): string {
  const name = body['TableName'];
  if (typeof name === 'string') return name.slice(name.lastIndexOf('/') + 1);
  throw validationFailure(
    "The parameter 'TableName' is required but was not present in the request",
  );
}

function existing(body: Body, store: Store): Table {
  const name = nameOf(body);
  const table = store.find(name);
  if (table !== undefined) return table;
  throw modelFailure(
    'ResourceNotFoundException',
    `Requested resource not found: Table: ${name} not found`,
  );
}

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
  return { TableDescription: describe(context.store.addTable(definition), 0) };
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
  const table = existing(body, store);
  if (table.DeletionProtectionEnabled) {
    throw validationFailure(
      `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`,
    );
  }
  const description = describe(table, 0);
  store.dropTable(table);
  return { TableDescription: { ...description, TableStatus: 'DELETING' } };
}

export function describeTable(body: Body, { store }: ControlContext): Body {
  const table = existing(body, store);
  return { Table: describe(table, countItems(table, store)) };
}

function countItems(table: Table, store: Store): number {
  return Number(store.prepare(`SELECT count(*) AS n FROM ${itemRows(table)}`).get()!['n']);
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
  const next: Table = { ...existing(body, store) };
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
  return { TableDescription: describe(next, countItems(next, store)) };
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

/** UpdateTimeToLive; takes effect at once. */
export function updateTimeToLive(body: Body, { store }: ControlContext): Body {
  const table = existing(body, store);
  const { Enabled, AttributeName } = (body['TimeToLiveSpecification'] ?? {}) as {
    Enabled?: boolean;
    AttributeName?: string;
  };
  if (typeof Enabled !== 'boolean' || typeof AttributeName !== 'string' || AttributeName === '') {
    throw validationFailure('TimeToLiveSpecification must name Enabled and AttributeName');
  }
  if (Enabled === (table.ttlAttribute !== undefined)) {
    throw validationFailure(`TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`);
  }
  const { ttlAttribute: _, ...rest } = table;
  const next: Table = Enabled ? { ...rest, ttlAttribute: AttributeName } : rest;
  store.transaction(() => {
    store.refillExpiry(next);
    store.saveTable(next);
  });
  return { TimeToLiveSpecification: { Enabled, AttributeName } };
}

export function describeTimeToLive(body: Body, { store }: ControlContext): Body {
  const { ttlAttribute } = existing(body, store);
  const description =
    ttlAttribute === undefined
      ? { TimeToLiveStatus: 'DISABLED' }
      : { TimeToLiveStatus: 'ENABLED', AttributeName: ttlAttribute };
  return { TimeToLiveDescription: description };
}

export function describeContinuousBackups(body: Body, { store }: ControlContext): Body {
  existing(body, store);
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    },
  };
}

function tagsOf(tags: unknown): Record<string, string> {
  const list = (tags ?? []) as { Key: string; Value: string }[];
  return Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]));
}

function tagged(body: Body, store: Store): Table {
  const arn = body['ResourceArn'];
  if (typeof arn !== 'string') throw validationFailure('Invalid TableArn');
  return existing({ TableName: arn }, store);
}

export function tagResource(body: Body, { store }: ControlContext): Body {
  const table = tagged(body, store);
  store.saveTable({ ...table, tags: { ...table.tags, ...tagsOf(body['Tags']) } });
  return {};
}

export function untagResource(body: Body, { store }: ControlContext): Body {
  const table = tagged(body, store);
  const gone = new Set((body['TagKeys'] ?? []) as string[]);
  const kept = Object.entries(table.tags).filter(([key]) => !gone.has(key));
  store.saveTable({ ...table, tags: Object.fromEntries(kept) });
  return {};
}

export function listTagsOfResource(body: Body, { store }: ControlContext): Body {
  const { tags } = tagged(body, store);
  return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
}

function describe(table: Table, itemCount: number): Body {
  const arn = localArn('dynamodb', `table/${table.TableName}`);
  const throughput = { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 };
  const index = (i: { IndexName: string }) => ({
    ...i,
    IndexArn: `${arn}/index/${i.IndexName}`,
    IndexSizeBytes: 0,
    ItemCount: itemCount,
  });
  return {
    TableName: table.TableName,
    TableArn: arn,
    TableId: table.TableId,
    TableStatus: 'ACTIVE',
    KeySchema: table.KeySchema,
    AttributeDefinitions: table.AttributeDefinitions,
    CreationDateTime: table.CreationDateTime,
    ItemCount: itemCount,
    TableSizeBytes: 0,
    ProvisionedThroughput: throughput,
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    DeletionProtectionEnabled: table.DeletionProtectionEnabled,
    ...(table.GlobalSecondaryIndexes && {
      GlobalSecondaryIndexes: table.GlobalSecondaryIndexes.map((i) => ({
        ...index(i),
        IndexStatus: 'ACTIVE',
        ProvisionedThroughput: throughput,
      })),
    }),
    ...(table.LocalSecondaryIndexes && {
      LocalSecondaryIndexes: table.LocalSecondaryIndexes.map(index),
    }),
    ...(table.stream && {
      StreamSpecification: {
        StreamEnabled: table.stream.enabled,
        StreamViewType: table.stream.view,
      },
      LatestStreamLabel: table.stream.label,
      LatestStreamArn: streamArn(table),
    }),
  };
}
