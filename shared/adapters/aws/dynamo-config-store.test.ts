import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll } from 'vitest';

import { LocalClock } from '#infra/local/clock.ts';
import { type ConformanceServer, startConformanceServer } from '#infra/local/conformance-server.ts';
import { createDynamoDb, type LocalDynamoDb } from '#infra/local/dynamodb/service.ts';
import { configStoreContract } from '#shared/testing/config-store-contract.ts';

import { createDynamoChannelStore } from './dynamo-channel-store.ts';
import { createDynamoPolicyStore } from './dynamo-policy-store.ts';

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

configStoreContract('DynamoDB', async () => {
  const config = `config-${++opened}`;
  await plain.send(
    new CreateTableCommand({
      TableName: config,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
    }),
  );
  const access = {
    client: DynamoDBDocumentClient.from(plain),
    tables: { work: '', journal: '', config, state: '', live: '' },
    now: () => 0,
    sleep: () => Promise.resolve(),
    random: () => 0.5,
  };
  return { channels: createDynamoChannelStore(access), policies: createDynamoPolicyStore(access) };
});
