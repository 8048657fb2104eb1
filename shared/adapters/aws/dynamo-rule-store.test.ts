import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { LocalClock } from '#infra/local/clock.ts';
import { type ConformanceServer, startConformanceServer } from '#infra/local/conformance-server.ts';
import { createDynamoDb, type LocalDynamoDb } from '#infra/local/dynamodb/service.ts';
import { BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildRule } from '#shared/testing/build-rule.ts';
import { ruleStoreContract } from '#shared/testing/rule-store-contract.ts';

import type { DynamoAccess } from './dynamo-access.ts';
import { createDynamoJournalStore } from './dynamo-journal-store.ts';
import { createDynamoRuleStore } from './dynamo-rule-store.ts';

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

async function open(): Promise<DynamoAccess> {
  const suffix = ++opened;
  const tables = {
    work: '',
    journal: `journal-${suffix}`,
    config: `config-${suffix}`,
    state: '',
    live: '',
  };
  const key = (AttributeName: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName, KeyType });
  for (const TableName of [tables.journal, tables.config])
    await plain.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [key('pk', 'HASH'), key('sk', 'RANGE')],
        AttributeDefinitions: ['pk', 'sk', 'due_shard', 'due_at'].map((AttributeName) => ({
          AttributeName,
          AttributeType: 'S' as const,
        })),
        GlobalSecondaryIndexes: [
          {
            IndexName: 'due',
            KeySchema: [key('due_shard', 'HASH'), key('due_at', 'RANGE')],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      }),
    );
  return {
    client: DynamoDBDocumentClient.from(plain, {
      marshallOptions: { removeUndefinedValues: true },
    }),
    tables,
    now: () => Date.parse(BUILT_AT),
    sleep: () => new Promise((resolve) => setImmediate(resolve)),
    random: () => 0.5,
  };
}

ruleStoreContract('DynamoDB', async () => {
  const access = await open();
  return { rules: createDynamoRuleStore(access), journal: createDynamoJournalStore(access) };
});

it('takes its own write for done when the answer to it was lost', async () => {
  const access = await open();
  const { client } = access;
  let lost = false;
  const forgetful = new Proxy(client, {
    get(target, name) {
      if (name !== 'send') return Reflect.get(target, name) as unknown;
      return async (command: Parameters<typeof client.send>[0]) => {
        const answer = await client.send(command);
        if (lost || command.constructor.name !== 'TransactWriteCommand') return answer;
        lost = true;
        throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      };
    },
  });
  const store = createDynamoRuleStore({ ...access, client: forgetful });
  await store.save('t1', { rule: buildRule(), expected: 0, journal: [], outbox: [] });
  expect(lost).toBe(true);
  expect(await store.versions('t1', 'cpu-high')).toHaveLength(1);
  expect(await store.ruleSetRevision('t1')).toBe(1);
});
