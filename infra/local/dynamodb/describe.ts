import { localArn } from '#infra/local/service.ts';
import { modelFailure, validationFailure } from './failure.ts';
import { streamArn } from './stream.ts';
import type { Store } from './store.ts';
import { itemRows } from './table.ts';
import type { Table } from './table.ts';

export type Body = Record<string, unknown>;

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

/** The table a request names, by name or ARN. Throws ResourceNotFoundException. */
export function existingTable(body: Body, store: Store): Table {
  const name = nameOf(body);
  const table = store.find(name);
  if (table !== undefined) return table;
  throw modelFailure(
    'ResourceNotFoundException',
    `Requested resource not found: Table: ${name} not found`,
  );
}

/** Items of a table, counted now; AWS counts about every six hours. */
export function countItems(table: Table, store: Store): number {
  return Number(store.prepare(`SELECT count(*) AS n FROM ${itemRows(table)}`).get()!['n']);
}

/** The API's `TableDescription`; always ACTIVE. */
export function describeTable(table: Table, itemCount: number): Body {
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
