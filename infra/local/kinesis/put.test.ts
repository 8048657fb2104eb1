import { createHash } from 'node:crypto';

import {
  InvalidArgumentException,
  ProvisionedThroughputExceededException,
  PutRecordCommand,
  PutRecordsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-kinesis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { API, bytes, startRig } from './fixture/rig.ts';
import type { Rig } from './fixture/rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

describe(`writing (${API}/API_PutRecord.html, API_PutRecords.html)`, () => {
  it('API_PutRecord: the MD5 of the partition key picks the shard, an ExplicitHashKey overrides it', async () => {
    for (const key of ['a', 'b', 'checkout', 'ключ']) {
      const digest = BigInt(`0x${createHash('md5').update(key).digest('hex')}`);
      const expected = `shardId-${String(digest >> 126n).padStart(12, '0')}`;
      expect((await rig.put(key)).ShardId).toBe(expected);
    }
    const explicit = new PutRecordCommand({
      StreamName: 's',
      PartitionKey: 'a',
      ExplicitHashKey: String(2n ** 128n - 1n),
      Data: bytes('x'),
    });
    expect((await rig.client.send(explicit)).ShardId).toBe('shardId-000000000003');
  });

  it('API_PutRecord: sequence numbers of a shard only rise and have 56 digits', async () => {
    const numbers: string[] = [];
    for (let index = 0; index < 20; index += 1) {
      numbers.push((await rig.put('same key', String(index))).SequenceNumber!);
    }
    expect(numbers.every((number) => /^49\d{54}$/.test(number))).toBe(true);
    expect(numbers.map(BigInt)).toEqual(
      numbers.map(BigInt).sort((a, b) => (a < b ? -1 : Number(a > b))),
    );
    expect(new Set(numbers).size).toBe(20);
  });

  it('API_PutRecord: an ExplicitHashKey of 2^128 is InvalidArgumentException', async () => {
    const beyond = new PutRecordCommand({
      StreamName: 's',
      PartitionKey: 'a',
      ExplicitHashKey: String(2n ** 128n),
      Data: bytes('x'),
    });
    await expect(rig.client.send(beyond)).rejects.toThrow(InvalidArgumentException);
  });

  it('API_PutRecord: partition keys have 1 to 256 characters', async () => {
    await expect(rig.put('k'.repeat(256))).resolves.toMatchObject({ EncryptionType: 'NONE' });
    await expect(rig.put('k'.repeat(257))).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(rig.put('', 'x')).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('quotas-and-limits: data and partition key together may have 1 MiB, not a byte more', async () => {
    await expect(rig.put('key', 'x'.repeat(1024 * 1024 - 3))).resolves.toBeDefined();
    await expect(rig.put('key', 'x'.repeat(1024 * 1024 - 2))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('API_PutRecords: 500 records pass, 501 and more than 10 MiB are refused whole', async () => {
    const records = (count: number, size: number) =>
      new PutRecordsCommand({
        StreamName: 's',
        Records: Array.from({ length: count }, (_, index) => ({
          PartitionKey: `k${index}`,
          Data: Buffer.alloc(size, 'x'),
        })),
      });
    const answer = await rig.client.send(records(500, 10));
    expect(answer.FailedRecordCount).toBe(0);
    expect(answer.Records!.every(({ SequenceNumber }) => SequenceNumber)).toBe(true);
    await expect(rig.client.send(records(501, 10))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(rig.client.send(records(11, 1_000_000))).rejects.toThrow(InvalidArgumentException);
  });

  it('API_PutRecords: a partial failure is 200 with FailedRecordCount and an ErrorCode per record', async () => {
    rig.kinesis.failPutRecords(0.3, 7);
    const answer = await rig.client.send(
      new PutRecordsCommand({
        StreamName: 's',
        Records: Array.from({ length: 200 }, (_, index) => ({
          PartitionKey: `k${index}`,
          Data: bytes(`d${index}`),
        })),
      }),
    );
    const failed = answer.Records!.filter(({ ErrorCode }) => ErrorCode);
    expect(answer.FailedRecordCount).toBe(failed.length);
    expect(failed.length).toBeGreaterThan(30);
    expect(failed.length).toBeLessThan(100);
    expect(new Set(failed.map(({ ErrorCode }) => ErrorCode))).toEqual(
      new Set(['ProvisionedThroughputExceededException', 'InternalFailure']),
    );
    const kept: string[] = [];
    for (const index of [0, 1, 2, 3]) {
      kept.push(...(await rig.read({ ShardId: `shardId-00000000000${index}` })));
    }
    const accepted = answer.Records!.flatMap(({ ErrorCode }, index) =>
      ErrorCode ? [] : [`d${index}`],
    );
    expect(kept.sort()).toEqual(accepted.sort());
  });

  it('quotas-and-limits: with the limit on, a shard takes 1,000 records a second and no more', async () => {
    await rig.close();
    rig = await startRig(1, { limitThroughput: true });
    rig.clock.now = () => 1_800_000_000_000;
    const fourHundred = () =>
      rig.client.send(
        new PutRecordsCommand({
          StreamName: 's',
          Records: Array.from({ length: 400 }, () => ({ PartitionKey: 'k', Data: bytes('x') })),
        }),
      );
    const counts = [await fourHundred(), await fourHundred(), await fourHundred()].map(
      ({ FailedRecordCount }) => FailedRecordCount,
    );
    expect(counts).toEqual([0, 0, 200]);
    await expect(rig.put('k')).rejects.toThrow(ProvisionedThroughputExceededException);
    rig.clock.now = () => 1_800_000_001_000;
    await expect(rig.put('k')).resolves.toBeDefined();
  });

  it('API_PutRecord: a stream that does not exist is ResourceNotFoundException', async () => {
    const lost = new PutRecordCommand({ StreamName: 'no', PartitionKey: 'k', Data: bytes('x') });
    await expect(rig.client.send(lost)).rejects.toThrow(ResourceNotFoundException);
  });
});
