import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { InvocationError } from '#infra/local/service.ts';

import { DG, startRig } from './fixture/rig.ts';
import type { Answer, Rig, KinesisRecord } from './fixture/rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

describe(`errors (${DG}/kinesis-on-failure-destination.html)`, () => {
  const throwOn =
    (text: string): Answer =>
    (texts) => {
      if (texts.includes(text)) throw new InvocationError('handled', 'poison');
      return null;
    };

  it('a function error retries the whole batch, and nothing behind it overtakes', async () => {
    rig.answer = () => {
      if (rig.batches.length < 3) throw new InvocationError('handled', 'not yet');
    };
    await rig.put('1', '2');
    const mapping = rig.start({ batchSize: 2 });
    await rig.put('3');
    await rig.finish(mapping);
    expect(rig.batches).toEqual([['1', '2'], ['1', '2'], ['1', '2'], ['3']]);
  });

  it('BisectBatchOnFunctionError: halves isolate the bad record, the others are done', async () => {
    rig.answer = throwOn('3');
    await rig.put('1', '2', '3', '4');
    await rig.finish(rig.start({ bisect: true, retries: 1 }));
    expect(rig.batches).toEqual([
      ['1', '2', '3', '4'],
      ['1', '2'],
      ['3', '4'],
      ['3'],
      ['3'],
      ['4'],
    ]);
    expect(rig.discards.map(({ records }) => records.length)).toEqual([1]);
  });

  it('BisectBatchOnFunctionError: splitting does not use up retries', async () => {
    rig.answer = throwOn('8');
    await rig.put('1', '2', '3', '4', '5', '6', '7', '8');
    await rig.finish(rig.start({ bisect: true, retries: 2 }));
    expect(rig.batches.filter((texts) => texts.join() === '8')).toHaveLength(3);
  });

  it('MaximumRetryAttempts: 0 retries is one attempt, 2 are three, then the next batch', async () => {
    rig.answer = throwOn('bad');
    await rig.put('bad');
    const mapping = rig.start({ retries: 2, batchSize: 1 });
    await rig.put('good');
    await rig.finish(mapping);
    expect(rig.batches).toEqual([['bad'], ['bad'], ['bad'], ['good']]);
    expect(mapping.stats()).toMatchObject({
      discarded: 1,
      records: 1,
      invocations: 4,
      failures: 3,
    });
  });

  it('MaximumRecordAgeInSeconds: too old a record is not sent, younger ones of its batch are', async () => {
    await rig.put('old');
    rig.clock.advance(61_000);
    await rig.put('young');
    await rig.finish(rig.start({ recordAgeMaxSeconds: 60 }));
    expect(rig.batches).toEqual([['young']]);
    expect(rig.discards[0]!.document).toMatchObject({
      requestContext: { condition: 'RecordAgeExceeded', approximateInvokeCount: 0 },
      KinesisBatchInfo: { batchSize: 1 },
    });
  });

  it('MaximumRecordAgeInSeconds: retries end when the record has become too old', async () => {
    rig.answer = throwOn('bad');
    await rig.put('bad');
    await rig.finish(rig.start({ recordAgeMaxSeconds: 60 }), 1000);
    expect(rig.batches.length).toBeGreaterThan(3);
    expect(rig.discards[0]!.document).toMatchObject({
      requestContext: {
        condition: 'RecordAgeExceeded',
        approximateInvokeCount: rig.batches.length,
      },
    });
  });

  it('"Example Amazon S3 invocation record": metadata as documented and the whole event as payload', async () => {
    rig.answer = throwOn('2');
    await rig.put('1', '2');
    await rig.finish(rig.start({ retries: 1 }));
    const [discard] = rig.discards;
    expect(discard!.destination).toEqual({ kind: 's3', prefix: 'failures/' });
    expect(discard!.key).toMatch(
      /^shardId-000000000000\/\d{4}\/\d\d\/\d\d\/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d-[0-9a-f-]{36}$/,
    );
    const first = discard!.records[0]!.sequenceNumber;
    const last = discard!.records[1]!.sequenceNumber;
    const { payload, ...document } = discard!.document;
    expect(document).toEqual({
      requestContext: {
        requestId: expect.any(String) as string,
        functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:detect',
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 2,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: expect.stringMatching(/Z$/) as string,
      KinesisBatchInfo: {
        shardId: 'shardId-000000000000',
        startSequenceNumber: first,
        endSequenceNumber: last,
        approximateArrivalOfFirstRecord: expect.stringMatching(/Z$/) as string,
        approximateArrivalOfLastRecord: expect.stringMatching(/Z$/) as string,
        batchSize: 2,
        streamArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/s',
      },
    });
    const { Records } = JSON.parse(String(payload)) as { Records: KinesisRecord[] };
    expect(Records.map(({ kinesis: { data } }) => atob(data))).toEqual(['1', '2']);
  });

  it('"Example SQS message": an SQS destination gets the metadata without the records', async () => {
    rig.answer = throwOn('1');
    await rig.put('1');
    await rig.finish(
      rig.start({ retries: 0, onFailure: { kind: 'sqs', queue: 'sentry-publish-dlq' } }),
    );
    expect(rig.discards[0]!.document).toHaveProperty('KinesisBatchInfo');
    expect(rig.discards[0]!.document).not.toHaveProperty('payload');
  });

  it('a destination that fails is tried again; the checkpoint does not pass the records before', async () => {
    rig.answer = throwOn('1');
    let tries = 0;
    await rig.put('1');
    const { source } = rig;
    const mapping = rig.start(
      { retries: 0 },
      {
        source,
        onFailure: () => {
          tries += 1;
          expect(
            rig.checkpoints.read(`${source.arn} detect`, 'shardId-000000000000'),
          ).toBeUndefined();
          return tries < 3 ? Promise.reject(new Error('store is down')) : Promise.resolve();
        },
      },
    );
    await rig.finish(mapping);
    expect(tries).toBe(3);
    expect(rig.checkpoints.read(`${source.arn} detect`, 'shardId-000000000000')).toBeDefined();
  });

  it('"Before invocation": a function that cannot be reached uses up no retries', async () => {
    rig.answer = () => {
      if (rig.batches.length < 5) throw new Error('no worker');
    };
    await rig.put('1', '2');
    await rig.finish(rig.start({ retries: 0, bisect: true }));
    expect(rig.batches).toHaveLength(5);
    expect(rig.discards).toEqual([]);
  });
});
