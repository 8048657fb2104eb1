import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll } from 'vitest';

import { LocalClock } from '#infra/local/clock.ts';
import { type ConformanceServer, startConformanceServer } from '#infra/local/conformance-server.ts';
import { createDynamoDb, type LocalDynamoDb } from '#infra/local/dynamodb/service.ts';
import { type TableDefinition, TABLES } from '#infra/topology.ts';
import type { DynamoAccess } from '#shared/adapters/aws/dynamo-access.ts';

/** Access that notes its pauses instead of sleeping them. */
export type TestAccess = DynamoAccess & { pauses: number[] };

/**
 * The local DynamoDB behind a socket for one test file. Returns a way to open access to a new set of
 * empty tables, as the topology has them; `now` in milliseconds.
 */
export function useLocalDynamo(): (now?: () => number) => Promise<TestAccess> {
  let local: LocalDynamoDb;
  let server: ConformanceServer;
  let plain: DynamoDBClient;
  let opened = 0;
  beforeAll(async () => {
    local = createDynamoDb({ file: ':memory:', clock: new LocalClock() });
    server = await startConformanceServer((request) => local.handle(request));
    plain = new DynamoDBClient(server.client);
  });
  afterAll(async () => {
    plain.destroy();
    await server.close();
    await local.close();
  });
  return async (now = () => 0) => {
    const prefix = `t${++opened}-`;
    const tables = {} as DynamoAccess['tables'];
    for (const [name, definition] of Object.entries(TABLES)) {
      tables[name as keyof typeof TABLES] = `${prefix}${definition.name}`;
      await plain.send(tableCommand(definition, `${prefix}${definition.name}`));
    }
    const pauses: number[] = [];
    return {
      client: DynamoDBDocumentClient.from(plain, {
        marshallOptions: { removeUndefinedValues: true },
      }),
      tables,
      now,
      sleep: async (delayMs) => void pauses.push(delayMs),
      random: () => 0.5,
      pauses,
    };
  };
}

function tableCommand(definition: TableDefinition, name: string): CreateTableCommand {
  const attributes = new Set<string>();
  const keySchema = (hash: string, range: string) => {
    attributes.add(hash).add(range);
    return [
      { AttributeName: hash, KeyType: 'HASH' as const },
      { AttributeName: range, KeyType: 'RANGE' as const },
    ];
  };
  const keys = keySchema('pk', 'sk');
  const indexes = definition.indexes.map((index) => ({
    IndexName: index.name,
    KeySchema: keySchema(index.partitionKey, index.sortKey),
    Projection: { ProjectionType: 'ALL' as const },
  }));
  return new CreateTableCommand({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keys,
    ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
    AttributeDefinitions: [...attributes].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
  });
}
