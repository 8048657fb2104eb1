import {
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  TagResourceCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { PutCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventNames, keys, startDynamo, streamOf } from './conformance.ts';
import type { ConformanceDynamo } from './conformance.ts';

const TableName = 'work';
let dynamo: ConformanceDynamo;

beforeEach(async () => {
  dynamo = await startDynamo({ maxAttempts: 5 });
  await dynamo.create(TableName);
});
afterEach(() => dynamo.close());

const put = (Item: Record<string, unknown>) => dynamo.doc.send(new PutCommand({ TableName, Item }));

describe('API reference, CreateTable, DescribeTable, UpdateTable, DeleteTable', () => {
  it('describes what was created and refuses a second table of the name', async () => {
    await put({ pk: 'a', sk: '1' });
    const { Table } = await dynamo.client.send(new DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({
      TableName,
      TableStatus: 'ACTIVE',
      TableArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/work',
      ItemCount: 1,
      LatestStreamArn: dynamo.db.source(TableName).arn,
      GlobalSecondaryIndexes: [{ IndexName: 'due', IndexStatus: 'ACTIVE' }],
    });
    await expect(dynamo.create(TableName)).rejects.toMatchObject({
      name: 'ResourceInUseException',
    });
    await dynamo.create('another');
    const listed = await dynamo.client.send(new ListTablesCommand({ Limit: 1 }));
    expect(listed).toMatchObject({ TableNames: ['another'], LastEvaluatedTableName: 'another' });
  });

  it('forgets the items and the stream of a deleted table', async () => {
    await put({ pk: 'a', sk: '1', due_shard: 'D#1', due_at: '1' });
    await dynamo.client.send(new DeleteTableCommand({ TableName }));
    await expect(put({ pk: 'a', sk: '1' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await dynamo.create(TableName);
    expect(streamOf(dynamo.db, TableName)).toEqual([]);
    await put({ pk: 'a', sk: '1' });
    expect(eventNames(streamOf(dynamo.db, TableName))).toEqual(['INSERT']);
  });

  it('fills an index created later', async () => {
    await put({ pk: 'a', sk: '1', owner: 'me', at: '1' });
    await dynamo.client.send(
      new UpdateTableCommand({
        TableName,
        AttributeDefinitions: ['pk', 'sk', 'due_shard', 'due_at', 'owner', 'at'].map(
          (AttributeName) => ({ AttributeName, AttributeType: 'S' }),
        ),
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: 'by-owner',
              KeySchema: keys('owner', 'at'),
              Projection: { ProjectionType: 'ALL' },
            },
          },
        ],
      }),
    );
    const found = await dynamo.doc.send(
      new QueryCommand({
        TableName,
        IndexName: 'by-owner',
        KeyConditionExpression: '#o = :o',
        ExpressionAttributeNames: { '#o': 'owner' },
        ExpressionAttributeValues: { ':o': 'me' },
      }),
    );
    expect(found.Count).toBe(1);
  });

  it('keeps tags and answers for backups', async () => {
    const ResourceArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/work';
    const Tags = [{ Key: 'team', Value: 'sentry' }];
    await dynamo.client.send(new TagResourceCommand({ ResourceArn, Tags }));
    const listed = await dynamo.client.send(new ListTagsOfResourceCommand({ ResourceArn }));
    expect(listed.Tags).toEqual(Tags);
    const backups = await dynamo.client.send(new DescribeContinuousBackupsCommand({ TableName }));
    expect(backups.ContinuousBackupsDescription?.ContinuousBackupsStatus).toBe('ENABLED');
  });
});

describe('Developer guide, Error handling with DynamoDB', () => {
  const transact = () =>
    dynamo.doc.send(
      new TransactWriteCommand({
        TransactItems: [
          { Put: { TableName, Item: { pk: 'a', sk: '1' } } },
          { Put: { TableName, Item: { pk: 'a', sk: '2' } } },
        ],
      }),
    );

  it('throttling and internal errors are retried by the SDK and counted here', async () => {
    for (const kind of ['throttle', 'internal'] as const) {
      dynamo.db.fault({ kind, ratio: 0.3, seed: 7 });
      for (let n = 0; n < 10; n++) await put({ pk: kind, sk: String(n) });
      expect(dynamo.db.refusedCalls()).toBeGreaterThan(0);
    }
    dynamo.db.fault(undefined);
    expect(streamOf(dynamo.db, TableName)).toHaveLength(20);
  });

  it('a transaction conflict reaches the caller, with its reasons, and changes nothing', async () => {
    dynamo.db.fault({ kind: 'transaction_conflict', ratio: 1, seed: 1 });
    await expect(transact()).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }],
    });
    expect(dynamo.db.refusedCalls()).toBe(1);
    dynamo.db.fault(undefined);
    expect(streamOf(dynamo.db, TableName)).toEqual([]);
    await transact();
  });

  it('refuses the same calls for the same seed', async () => {
    const refusals = async () => {
      dynamo.db.fault({ kind: 'transaction_conflict', ratio: 0.5, seed: 42 });
      const outcomes: boolean[] = [];
      for (let n = 0; n < 12; n++)
        outcomes.push(
          await transact().then(
            () => true,
            () => false,
          ),
        );
      return outcomes;
    };
    const first = await refusals();
    expect(await refusals()).toEqual(first);
    expect(new Set(first)).toEqual(new Set([true, false]));
  });
});

describe('API reference, DynamoDB Streams', () => {
  const ask = async (operation: string, body: object) => {
    const response = await dynamo.db.handle({
      method: 'POST',
      path: '/',
      query: new URLSearchParams(),
      headers: { 'x-amz-target': `DynamoDBStreams_20120810.${operation}` },
      body: Buffer.from(JSON.stringify(body)),
      region: 'us-east-1',
    });
    expect(response.status).toBe(200);
    return JSON.parse(String(response.body)) as unknown;
  };

  it('gives the records of a shard through iterators', async () => {
    await put({ pk: 'a', sk: '1' });
    await put({ pk: 'a', sk: '1', n: 1 });
    const { Streams } = (await ask('ListStreams', { TableName })) as {
      Streams: { StreamArn: string }[];
    };
    const { StreamArn } = Streams[0]!;
    const { StreamDescription } = (await ask('DescribeStream', { StreamArn })) as {
      StreamDescription: { Shards: { ShardId: string }[] };
    };
    const found: unknown[] = [];
    for (const { ShardId } of StreamDescription.Shards) {
      const input = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
      let { ShardIterator } = (await ask('GetShardIterator', input)) as { ShardIterator: string };
      for (let page = 0; page < 3; page++) {
        const got = (await ask('GetRecords', { ShardIterator, Limit: 1 })) as {
          Records: { eventName: string }[];
          NextShardIterator: string;
        };
        found.push(...got.Records.map(({ eventName }) => eventName));
        ShardIterator = got.NextShardIterator;
      }
    }
    expect(found).toEqual(['INSERT', 'MODIFY']);
  });
});
