import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe } from 'vitest';

import { LocalClock } from '#infra/local/clock.ts';
import { type ConformanceServer, startConformanceServer } from '#infra/local/conformance-server.ts';
import { createDynamoDb, type LocalDynamoDb } from '#infra/local/dynamodb/service.ts';
import { idempotencyStoreContract } from '#shared/testing/idempotency-store-contract.ts';
import { liveStoreContract } from '#shared/testing/live-store-contract.ts';

import type { DynamoAccess } from './dynamo-access.ts';
import { createDynamoIdempotencyStore } from './dynamo-idempotency-store.ts';
import { createDynamoLiveStore } from './dynamo-live-store.ts';

let local: LocalDynamoDb;
let server: ConformanceServer;
let plain: DynamoDBClient;
let fresh = 0;

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

/** Access to one empty table, in the place of `live` and `state`. */
async function freshAccess(): Promise<DynamoAccess> {
  const name = `live-${++fresh}`;
  await plain.send(
    new CreateTableCommand({
      TableName: name,
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
  return {
    client: DynamoDBDocumentClient.from(plain, {
      marshallOptions: { removeUndefinedValues: true },
    }),
    tables: { work: name, journal: name, config: name, state: name, live: name },
    now: () => 0,
    sleep: () => Promise.resolve(),
    random: () => 0,
  };
}

describe('the live store on DynamoDB', () => {
  liveStoreContract(async () => createDynamoLiveStore(await freshAccess()));
});
describe('the idempotency store on DynamoDB', () => {
  idempotencyStoreContract(async () => createDynamoIdempotencyStore(await freshAccess()));
});
