import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventNames, startDynamo, streamOf } from './conformance.ts';
import type { ConformanceDynamo } from './conformance.ts';

const TableName = 'journal';
let dynamo: ConformanceDynamo;

beforeEach(async () => {
  dynamo = await startDynamo();
  await dynamo.create(TableName);
});
afterEach(() => dynamo.close());

const put = (pk: string, attributes: Record<string, unknown> = {}) =>
  dynamo.doc.send(new PutCommand({ TableName, Item: { pk, sk: '1', ...attributes } }));
const remove = (pk: string) =>
  dynamo.doc.send(new DeleteCommand({ TableName, Key: { pk, sk: '1' } }));

describe('Developer guide, Change data capture for DynamoDB Streams', () => {
  it('records every change of an item in order, with its old and new image', async () => {
    await put('a', { n: 1 });
    await put('a', { n: 2 });
    await remove('a');
    const records = streamOf(dynamo.db, TableName);
    const image = (n: string) => ({ pk: { S: 'a' }, sk: { S: '1' }, n: { N: n } });
    expect(eventNames(records)).toEqual(['INSERT', 'MODIFY', 'REMOVE']);
    expect(records.map(({ record }) => record['dynamodb'])).toMatchObject([
      { Keys: { pk: { S: 'a' }, sk: { S: '1' } }, NewImage: image('1') },
      { OldImage: image('1'), NewImage: image('2') },
      { OldImage: image('2') },
    ]);
    expect(records[0]?.record).toMatchObject({
      eventSource: 'aws:dynamodb',
      eventVersion: '1.1',
      eventSourceARN: dynamo.db.source(TableName).arn,
    });
    expect(records[0]?.record['dynamodb']).not.toHaveProperty('OldImage');
  });

  it('keeps all changes of one item in one shard', async () => {
    for (let n = 0; n < 20; n++) for (const pk of ['a', 'b', 'c', 'd', 'e']) await put(pk, { n });
    const source = dynamo.db.source(TableName);
    const shardsOf = new Map<string, Set<string>>();
    for (const shardId of source.shardIds()) {
      let before = '';
      for (const { partitionKey, sequenceNumber } of source.read(shardId, undefined, 1000)) {
        shardsOf.set(partitionKey, (shardsOf.get(partitionKey) ?? new Set()).add(shardId));
        expect(sequenceNumber > before).toBe(true);
        before = sequenceNumber;
      }
    }
    expect([...shardsOf.values()].map((shards) => shards.size)).toEqual([1, 1, 1, 1, 1]);
  });

  it('writes no record where a write changes nothing', async () => {
    await put('a', { n: 1, tags: new Set(['x', 'y']) });
    await put('a', { n: 1, tags: new Set(['y', 'x']) });
    await remove('never there');
    await dynamo.doc.send(
      new UpdateCommand({
        TableName,
        Key: { pk: 'a', sk: '1' },
        UpdateExpression: 'SET n = :n',
        ExpressionAttributeValues: { ':n': 1 },
      }),
    );
    expect(eventNames(streamOf(dynamo.db, TableName))).toEqual(['INSERT']);
  });

  it('reads on after a sequence number and tells listeners of appends', async () => {
    const source = dynamo.db.source(TableName);
    let calls = 0;
    const stop = source.onAppend(() => (calls += 1));
    await put('a', { n: 1 });
    await put('a', { n: 2 });
    const shardId = source.shardIds().find((id) => source.read(id, undefined, 1).length > 0)!;
    const [first] = source.read(shardId, undefined, 1);
    expect(eventNames(source.read(shardId, first?.sequenceNumber, 10))).toEqual(['MODIFY']);
    expect(calls).toBeGreaterThan(0);
    const until = calls;
    stop();
    await put('a', { n: 3 });
    expect(calls).toBe(until);
  });

  it('drops records after 24 hours, and no earlier', async () => {
    await put('old');
    dynamo.clock.advance(23 * 3_600_000);
    await put('young');
    dynamo.db.sweepExpired();
    expect(streamOf(dynamo.db, TableName)).toHaveLength(2);
    dynamo.clock.advance(2 * 3_600_000);
    dynamo.db.sweepExpired();
    const left = streamOf(dynamo.db, TableName);
    expect(left.map(({ partitionKey }) => partitionKey)).toEqual([
      '{"pk":{"S":"young"},"sk":{"S":"1"}}',
    ]);
  });

  it('goes on with growing sequence numbers and the same ARN after a restart', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sentry-dynamodb-'));
    try {
      const file = join(directory, 'dynamodb.sqlite');
      const first = await startDynamo({ file });
      await first.create(TableName);
      const command = new PutCommand({ TableName, Item: { pk: 'a', sk: '1' } });
      await first.doc.send(command);
      const { arn } = first.db.source(TableName);
      const before = streamOf(first.db, TableName).at(-1)!.sequenceNumber;
      first.clock.advance(25 * 3_600_000);
      first.db.sweepExpired();
      await first.close();
      const second = await startDynamo({ file });
      await second.doc.send(new DeleteCommand({ TableName, Key: { pk: 'a', sk: '1' } }));
      expect(second.db.source(TableName).arn).toBe(arn);
      const [record] = streamOf(second.db, TableName);
      expect(record!.sequenceNumber > before).toBe(true);
      await second.close();
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

describe('Developer guide, Using time to live (TTL) in DynamoDB', () => {
  const seconds = () => Math.floor(dynamo.clock.now() / 1000);
  const names = async () => {
    const command = new DescribeTableCommand({ TableName });
    return (await dynamo.client.send(command)).Table?.ItemCount;
  };

  beforeEach(() =>
    dynamo.client.send(
      new UpdateTimeToLiveCommand({
        TableName,
        TimeToLiveSpecification: { Enabled: true, AttributeName: 'expires_at' },
      }),
    ),
  );

  it('returns an expired item until the sweep has removed it', async () => {
    await put('a', { expires_at: seconds() + 60 });
    const get = new GetCommand({ TableName, Key: { pk: 'a', sk: '1' } });
    expect(dynamo.db.sweepExpired()).toBe(0);
    dynamo.clock.advance(120_000);
    expect((await dynamo.doc.send(get)).Item).toBeDefined();
    expect(dynamo.db.sweepExpired()).toBe(1);
    expect((await dynamo.doc.send(get)).Item).toBeUndefined();
  });

  it('names the service in the record of its deletion', async () => {
    await put('a', { expires_at: seconds() - 1 });
    dynamo.db.sweepExpired();
    const [inserted, removed] = streamOf(dynamo.db, TableName);
    expect(inserted?.record['userIdentity']).toBeUndefined();
    expect(removed?.record).toMatchObject({
      eventName: 'REMOVE',
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
      dynamodb: { OldImage: { pk: { S: 'a' } } },
    });
  });

  it('keeps what is no number, more than five years past, or in milliseconds', async () => {
    await put('text', { expires_at: String(seconds() - 10) });
    await put('ancient', { expires_at: seconds() - 6 * 365 * 86_400 });
    await put('milliseconds', { expires_at: dynamo.clock.now() });
    expect(dynamo.db.sweepExpired()).toBe(0);
    expect(await names()).toBe(3);
  });

  it('sweeps many items, and those put before TTL was switched on', async () => {
    await dynamo.create('live');
    for (let n = 0; n < 600; n++) {
      const Item = { pk: 'a', sk: String(n), ttl: seconds() - 1 };
      await dynamo.doc.send(new PutCommand({ TableName: 'live', Item }));
    }
    const TimeToLiveSpecification = { Enabled: true, AttributeName: 'ttl' };
    const enable = new UpdateTimeToLiveCommand({ TableName: 'live', TimeToLiveSpecification });
    await dynamo.client.send(enable);
    await expect(dynamo.client.send(enable)).rejects.toMatchObject({
      message: 'TimeToLive is already enabled',
    });
    const asked = new DescribeTimeToLiveCommand({ TableName: 'live' });
    expect((await dynamo.client.send(asked)).TimeToLiveDescription).toEqual({
      TimeToLiveStatus: 'ENABLED',
      AttributeName: 'ttl',
    });
    expect(dynamo.db.sweepExpired()).toBe(600);
  });
});
