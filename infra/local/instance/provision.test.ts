import { afterAll, expect, it } from 'vitest';

import { LocalClock } from '#infra/local/clock.ts';
import { makeScratch } from '#infra/local/conformance-server.ts';
import { callJson } from '#infra/local/instance/call.ts';
import { provision } from '#infra/local/instance/provision.ts';
import { openServices } from '#infra/local/instance/services.ts';
import { TABLES } from '#infra/topology.ts';

const scratch = makeScratch();
const opened = openServices({
  home: scratch.directory,
  clock: new LocalClock(),
  invoker: { invoke: () => Promise.resolve({}) },
});
const { services } = opened;
afterAll(async () => {
  await opened.close();
  scratch.remove();
});

it('gives a table of an earlier version the indexes it lacks, with the rows that are there', async () => {
  const dynamodb = (name: string, input: unknown) =>
    callJson(services.dynamodb, `DynamoDB_20120810.${name}`, input);
  const { name } = TABLES.state;
  await dynamodb('CreateTable', {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk'].map((key) => ({ AttributeName: key, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  });
  const Item = { pk: { S: 'a' }, sk: { S: 'b' }, due_shard: { S: 'D#1' }, due_at: { S: '2026' } };
  await dynamodb('PutItem', { TableName: name, Item });
  for (const _start of ['first', 'second']) await provision(services);
  const found = await dynamodb('Query', {
    TableName: name,
    IndexName: 'due',
    KeyConditionExpression: 'due_shard = :shard',
    ExpressionAttributeValues: { ':shard': { S: 'D#1' } },
  });
  expect(found.Items).toEqual([Item]);
});
