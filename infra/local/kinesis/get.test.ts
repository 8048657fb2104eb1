import {
  ExpiredIteratorException,
  GetRecordsCommand,
  IncreaseStreamRetentionPeriodCommand,
  InvalidArgumentException,
  PutRecordCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-kinesis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { API, bytes, startRig, textsOf } from './fixture/rig.ts';
import type { Rig } from './fixture/rig.ts';

const HOUR_MS = 3_600_000;

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

describe(`reading (${API}/API_GetShardIterator.html, API_GetRecords.html)`, () => {
  const ShardId = 'shardId-000000000002';
  const inShard = (text: string) =>
    rig.client.send(
      new PutRecordCommand({
        StreamName: 's',
        PartitionKey: text.slice(0, 9),
        ExplicitHashKey: String(2n ** 127n),
        Data: bytes(text),
      }),
    );

  it('API_GetShardIterator: each of the five types starts where it says', async () => {
    const latest = await rig.iterator({ ShardId, ShardIteratorType: 'LATEST' });
    await inShard('one');
    const two = await inShard('two');
    rig.clock.advance(10_000);
    const Timestamp = new Date(rig.clock.now());
    await inShard('three');
    const StartingSequenceNumber = two.SequenceNumber;
    const at = { ShardId, StartingSequenceNumber };
    const fromLatest = new GetRecordsCommand({ ShardIterator: latest });
    const results = [
      await rig.read({ ShardId }),
      await rig.read({ ...at, ShardIteratorType: 'AT_SEQUENCE_NUMBER' }),
      await rig.read({ ...at, ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' }),
      await rig.read({ ShardId, ShardIteratorType: 'AT_TIMESTAMP', Timestamp }),
      textsOf((await rig.client.send(fromLatest)).Records),
    ];
    expect(results).toEqual([
      ['one', 'two', 'three'],
      ['two', 'three'],
      ['three'],
      ['three'],
      ['one', 'two', 'three'],
    ]);
  });

  it('API_GetShardIterator: a sequence number of another shard is InvalidArgumentException', async () => {
    const { SequenceNumber: StartingSequenceNumber } = await inShard('x');
    const foreign = rig.iterator({
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'AT_SEQUENCE_NUMBER',
      StartingSequenceNumber,
    });
    await expect(foreign).rejects.toThrow(InvalidArgumentException);
  });

  it('API_GetShardIterator: an unknown shard is ResourceNotFoundException', async () => {
    await expect(rig.iterator({ ShardId: 'shardId-000000000009' })).rejects.toThrow(
      ResourceNotFoundException,
    );
  });

  it('API_GetRecords: Limit pages on with NextShardIterator and tells how far behind it is', async () => {
    for (const text of ['a', 'b', 'c']) await inShard(text);
    rig.clock.advance(60_000);
    const first = await rig.client.send(
      new GetRecordsCommand({ ShardIterator: await rig.iterator({ ShardId }), Limit: 2 }),
    );
    expect(textsOf(first.Records)).toEqual(['a', 'b']);
    expect(first.MillisBehindLatest).toBeGreaterThanOrEqual(60_000);
    const second = await rig.client.send(
      new GetRecordsCommand({ ShardIterator: first.NextShardIterator }),
    );
    expect(textsOf(second.Records)).toEqual(['c']);
    expect(second.MillisBehindLatest).toBe(0);
    expect(second.NextShardIterator).toBeDefined();
  });

  it('API_GetRecords: gives at most 10 MiB at once and the rest with the next call', async () => {
    for (let index = 0; index < 12; index += 1) await inShard(`${index}`.padEnd(1_000_000, 'x'));
    const ShardIterator = await rig.iterator({ ShardId });
    const first = await rig.client.send(new GetRecordsCommand({ ShardIterator }));
    const second = await rig.client.send(
      new GetRecordsCommand({ ShardIterator: first.NextShardIterator }),
    );
    expect(first.Records).toHaveLength(10);
    expect(second.Records).toHaveLength(2);
  });

  it('API_GetRecords: a Limit over 10,000 is refused', async () => {
    const command = new GetRecordsCommand({
      ShardIterator: await rig.iterator({ ShardId }),
      Limit: 10_001,
    });
    await expect(rig.client.send(command)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('API_GetRecords: an iterator is good for five minutes, then ExpiredIteratorException', async () => {
    const ShardIterator = await rig.iterator({ ShardId });
    rig.clock.advance(299_000);
    await rig.client.send(new GetRecordsCommand({ ShardIterator }));
    rig.clock.advance(2_000);
    const late = rig.client.send(new GetRecordsCommand({ ShardIterator }));
    await expect(late).rejects.toThrow(ExpiredIteratorException);
  });

  it('API_GetRecords: a made-up iterator is InvalidArgumentException', async () => {
    const command = new GetRecordsCommand({ ShardIterator: 'AAAA' });
    await expect(rig.client.send(command)).rejects.toThrow(InvalidArgumentException);
  });

  it('kinesis-extended-retention: records go after 24 h, later where the retention was raised', async () => {
    await inShard('old');
    rig.clock.advance(23 * HOUR_MS);
    await rig.client.send(
      new IncreaseStreamRetentionPeriodCommand({ StreamName: 's', RetentionPeriodHours: 48 }),
    );
    await inShard('new');
    rig.clock.advance(2 * HOUR_MS);
    expect(await rig.read({ ShardId })).toEqual(['old', 'new']);
    rig.clock.advance(24 * HOUR_MS);
    const before = await inShard('newest');
    expect(await rig.read({ ShardId })).toEqual(['new', 'newest']);
    rig.clock.advance(49 * HOUR_MS);
    expect(await rig.read({ ShardId })).toEqual([]);
    const after = await inShard('after');
    expect(BigInt(after.SequenceNumber!)).toBeGreaterThan(BigInt(before.SequenceNumber!));
  });

  it('API_IncreaseStreamRetentionPeriod: fewer hours than now is InvalidArgumentException', async () => {
    const less = new IncreaseStreamRetentionPeriodCommand({
      StreamName: 's',
      RetentionPeriodHours: 12,
    });
    await expect(rig.client.send(less)).rejects.toThrow(InvalidArgumentException);
  });
});
