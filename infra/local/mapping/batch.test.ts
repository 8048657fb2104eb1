import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { InvocationError } from '#infra/local/service.ts';

import { createArraySource } from './fixture/array-source.ts';
import { DG, startRig, turns } from './fixture/rig.ts';
import type { Rig } from './fixture/rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

describe(`batches (${DG}/with-kinesis.html)`, () => {
  it('with-kinesis "Example event": a record has the documented shape', async () => {
    const seen: unknown[] = [];
    rig.answer = (_texts, records) => void seen.push(...records);
    await rig.put('hello');
    await rig.finish(rig.start());
    const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';
    expect(seen).toEqual([
      {
        kinesis: {
          kinesisSchemaVersion: '1.0',
          partitionKey: 'k',
          sequenceNumber: expect.stringMatching(/^\d{56}$/) as string,
          data: 'aGVsbG8=',
          approximateArrivalTimestamp: expect.any(Number) as number,
        },
        eventSource: 'aws:kinesis',
        eventVersion: '1.0',
        eventID: expect.stringMatching(/^shardId-000000000000:\d{56}$/) as string,
        eventName: 'aws:kinesis:record',
        invokeIdentityArn: expect.stringContaining(':role/') as string,
        awsRegion: 'us-east-1',
        eventSourceARN: arn,
      },
    ]);
  });

  it('services-kinesis-parameters "BatchSize": no batch is larger, order is kept', async () => {
    await rig.put('1', '2', '3', '4', '5');
    await rig.finish(rig.start({ batchSize: 2 }));
    expect(rig.batches).toEqual([['1', '2'], ['3', '4'], ['5']]);
  });

  it('services-kinesis-create "Starting position": TRIM_HORIZON takes what was there before', async () => {
    await rig.put('before');
    const mapping = rig.start();
    await rig.put('after');
    await rig.finish(mapping);
    expect(rig.batches.flat()).toEqual(['before', 'after']);
  });

  it('with-kinesis "batching": without a window a record goes at once, what came meanwhile goes together', async () => {
    let release = () => undefined as void;
    const first = new Promise<void>((resolve) => (release = resolve));
    rig.answer = async (texts) => {
      if (texts.includes('1')) await first;
    };
    const mapping = rig.start();
    await rig.put('1');
    await new Promise(setImmediate);
    await rig.put('2');
    await rig.put('3');
    release();
    await rig.finish(mapping);
    expect(rig.batches).toEqual([['1'], ['2', '3']]);
  });

  it('with-kinesis "batching": a window waits for a full batch or its end, whichever is first', async () => {
    const mapping = rig.start({ batchWindowSeconds: 5, batchSize: 3 });
    await rig.put('1', '2');
    await new Promise(setImmediate);
    rig.clock.advance(4000);
    await new Promise(setImmediate);
    expect(rig.batches).toEqual([]);
    rig.clock.advance(1100);
    await new Promise(setImmediate);
    expect(rig.batches).toEqual([['1', '2']]);
    await rig.put('3', '4', '5', '6');
    await turns();
    expect(rig.batches.slice(1)).toEqual([['3', '4', '5']]);
    await rig.finish(mapping);
    expect(rig.batches.slice(2)).toEqual([['6']]);
  });

  it('gettingstarted-limits: a payload stays below 6 MB, a window ends when it is reached', async () => {
    const mapping = rig.start({ batchWindowSeconds: 300 });
    for (let index = 0; index < 7; index += 1) await rig.put(`${index}`.padEnd(1_000_000, '.'));
    await turns();
    expect(rig.batches.map((texts) => texts.map(([digit]) => digit))).toEqual([
      ['0', '1', '2', '3'],
    ]);
    await mapping.stop();
  });
});

describe(`parallelization factor (${DG}/services-kinesis-parameters.html)`, () => {
  it('keeps the order of a key while other keys overtake a slow one', async () => {
    const source = createArraySource(['shard-0']);
    const releases: (() => void)[] = [];
    let holding = true;
    rig.answer = async (texts) => {
      if (holding && texts[0]!.startsWith('slow')) {
        await new Promise<void>((resolve) => void releases.push(resolve));
      }
    };
    const mapping = rig.start({ parallelizationFactor: 2, batchSize: 1 }, { source });
    for (const value of ['slow-1', 'fast-1', 'slow-2', 'fast-2']) {
      const [partitionKey = ''] = value.split('-');
      source.append('shard-0', { partitionKey, value, arrivedAt: rig.clock.now() });
    }
    await turns();
    expect(rig.batches.flat()).toEqual(['slow-1', 'fast-1', 'fast-2']);
    // The checkpoint is per shard: it waits below the lowest record that is not finished.
    expect(rig.checkpoints.read(`${source.arn} detect`, 'shard-0')).toBeUndefined();
    holding = false;
    for (const release of releases) release();
    await rig.finish(mapping);
    expect(rig.batches.flat().at(-1)).toBe('slow-2');
    expect(Number(rig.checkpoints.read(`${source.arn} detect`, 'shard-0'))).toBe(4);
  });

  it('a poisoned shard does not hold up another', async () => {
    const source = createArraySource(['shard-0', 'shard-1']);
    rig.answer = (texts) => {
      if (texts.includes('bad')) throw new InvocationError('handled', 'poison');
    };
    const mapping = rig.start({}, { source });
    source.append('shard-0', { partitionKey: 'a', value: 'bad', arrivedAt: rig.clock.now() });
    source.append('shard-1', { partitionKey: 'b', value: 'good', arrivedAt: rig.clock.now() });
    await turns();
    expect(rig.batches.flat()).toContain('good');
    expect(mapping.stats().records).toBe(1);
    rig.clock.advance(5000);
    expect(mapping.stats().iteratorAgeMs).toBeGreaterThanOrEqual(5000);
  });
});
