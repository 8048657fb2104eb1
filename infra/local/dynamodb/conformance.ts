import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { CreateTableCommandInput, KeySchemaElement } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { LocalClock } from '#infra/local/clock.ts';
import { startConformanceServer } from '#infra/local/conformance-server.ts';
import type { SourceRecord } from '#infra/local/service.ts';
import { createDynamoDb } from './service.ts';
import type { LocalDynamoDb } from './service.ts';

/** Test support: a local DynamoDB behind a socket, with the SDK's clients on it. */
export interface ConformanceDynamo {
  db: LocalDynamoDb;
  clock: LocalClock;
  client: DynamoDBClient;
  doc: DynamoDBDocumentClient;
  /** Makes a table with keys pk, sk, the sparse index `due` (due_shard, due_at) and a stream. */
  create(name: string, more?: Partial<CreateTableCommandInput>): Promise<void>;
  close(): Promise<void>;
}

export async function startDynamo(
  options: { file?: string; maxAttempts?: number } = {},
): Promise<ConformanceDynamo> {
  const clock = new LocalClock();
  const db = createDynamoDb({ file: options.file ?? ':memory:', clock });
  const server = await startConformanceServer((request) => db.handle(request));
  const client = new DynamoDBClient({
    ...server.client,
    maxAttempts: options.maxAttempts ?? 1,
  });
  return {
    db,
    clock,
    client,
    doc: DynamoDBDocumentClient.from(client),
    create: async (name, more) => {
      await client.send(new CreateTableCommand({ ...tableInput(name), ...more }));
    },
    close: async () => {
      client.destroy();
      await server.close();
      await db.close();
      clock.close();
    },
  };
}

export function keys(partition: string, sort: string): KeySchemaElement[] {
  return [
    { AttributeName: partition, KeyType: 'HASH' },
    { AttributeName: sort, KeyType: 'RANGE' },
  ];
}

export function tableInput(name: string): CreateTableCommandInput {
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keys('pk', 'sk'),
    AttributeDefinitions: ['pk', 'sk', 'due_shard', 'due_at'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    GlobalSecondaryIndexes: [
      {
        IndexName: 'due',
        KeySchema: keys('due_shard', 'due_at'),
        Projection: { ProjectionType: 'ALL' },
      },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  };
}

/** Every record of a table's stream, oldest first. */
export function streamOf(db: LocalDynamoDb, table: string): SourceRecord[] {
  const source = db.source(table);
  return source
    .shardIds()
    .flatMap((shardId) => source.read(shardId, undefined, 100_000))
    .sort((a, b) => (a.sequenceNumber < b.sequenceNumber ? -1 : 1));
}

export function eventNames(records: readonly SourceRecord[]): unknown[] {
  return records.map(({ record }) => record['eventName']);
}
