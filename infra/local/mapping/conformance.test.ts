import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { LocalClock } from '#infra/local/clock.ts';
import { createKinesis } from '#infra/local/kinesis/service.ts';
import type { KinesisService } from '#infra/local/kinesis/service.ts';
import { InvocationError } from '#infra/local/service.ts';
import type { Invoker } from '#infra/local/service.ts';
import type { StreamMapping } from '#infra/topology.ts';

import { openCheckpoints } from './checkpoint.ts';
import type { Checkpoints } from './checkpoint.ts';
import type { Discard } from './discard.ts';
import { createArraySource } from './fixture/array-source.ts';
import { createMapping } from './mapping.ts';
import type { EventSourceMapping } from './mapping.ts';

const DG = 'https://docs.aws.amazon.com/lambda/latest/dg';

interface KinesisRecord {
  kinesis: { data: string; sequenceNumber: string; partitionKey: string };
}
interface DynamoRecord {
  dynamodb: { SequenceNumber: string; NewImage: unknown };
}
type Answer = (texts: string[], records: (KinesisRecord & DynamoRecord)[]) => unknown;

const BASE: StreamMapping = {
  source: { kind: 'kinesis' },
  function: 'detect',
  batchSize: 100,
  batchWindowSeconds: 0,
  parallelizationFactor: 1,
  retries: -1,
  recordAgeMaxSeconds: -1,
  bisect: false,
  reportItemFailures: true,
  onFailure: { kind: 's3', prefix: 'failures/' },
};

let clock: LocalClock;
let kinesis: KinesisService;
let checkpoints: Checkpoints;
let started: EventSourceMapping[];
/** Texts of every batch handed to the function, in order. */
let batches: string[][];
let discards: Discard[];
let answer: Answer;

beforeEach(async () => {
  clock = new LocalClock();
  kinesis = createKinesis({ file: ':memory:', clock });
  checkpoints = openCheckpoints(':memory:');
  started = [];
  batches = [];
  discards = [];
  answer = () => null;
  await call('CreateStream', { StreamName: 's', ShardCount: 1 });
});
afterEach(async () => {
  await Promise.all(started.map((mapping) => mapping.stop()));
  checkpoints.close();
  await kinesis.close();
  clock.close();
});

async function call(operation: string, input: unknown): Promise<unknown> {
  const { body } = await kinesis.handle({
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: { 'x-amz-target': `Kinesis_20131202.${operation}` },
    body: Buffer.from(JSON.stringify(input)),
    region: 'us-east-1',
  });
  return JSON.parse(String(body));
}

const put = (...texts: string[]) =>
  call('PutRecords', {
    StreamName: 's',
    Records: texts.map((text) => ({
      PartitionKey: 'k',
      Data: Buffer.from(text).toString('base64'),
    })),
  });

const invoker: Invoker = {
  async invoke(_name, event) {
    await Promise.resolve();
    const { Records: records } = event as { Records: (KinesisRecord & DynamoRecord)[] };
    const texts = records.map(({ kinesis: record, dynamodb }) =>
      record ? Buffer.from(record.data, 'base64').toString() : String(dynamodb.NewImage),
    );
    batches.push(texts);
    return answer(texts, records);
  },
};

function start(
  definition: Partial<StreamMapping> = {},
  parts: Partial<Parameters<typeof createMapping>[1]> = {},
): EventSourceMapping {
  const mapping = createMapping(
    { ...BASE, ...definition },
    {
      source: kinesis.source('s'),
      invoker,
      checkpoints,
      clock,
      onFailure: (discard) => Promise.resolve(void discards.push(discard)),
      ...parts,
    },
  );
  mapping.start();
  started.push(mapping);
  return mapping;
}

/** Waits for the mapping to be done, moving the clock past every backoff. */
async function finish(mapping: EventSourceMapping, stepMs = 10_000): Promise<void> {
  let done = false;
  const idle = mapping.idle().then(() => (done = true));
  for (;;) {
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
    if (done) return void (await idle);
    clock.advance(stepMs);
  }
}

const failFrom =
  (text: string): Answer =>
  (texts, records) => ({
    batchItemFailures: records
      .filter((_, index) => texts[index] === text)
      .map((record) => ({ itemIdentifier: record.kinesis.sequenceNumber })),
  });

describe(`batches (${DG}/with-kinesis.html)`, () => {
  it('with-kinesis "Example event": a record has the documented shape', async () => {
    const seen: unknown[] = [];
    answer = (_texts, records) => void seen.push(...records);
    await put('hello');
    await finish(start());
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
    await put('1', '2', '3', '4', '5');
    await finish(start({ batchSize: 2 }));
    expect(batches).toEqual([['1', '2'], ['3', '4'], ['5']]);
  });

  it('services-kinesis-create "Starting position": TRIM_HORIZON takes what was there before', async () => {
    await put('before');
    const mapping = start();
    await put('after');
    await finish(mapping);
    expect(batches.flat()).toEqual(['before', 'after']);
  });

  it('with-kinesis "batching": without a window a record goes at once, what came meanwhile goes together', async () => {
    let release = () => undefined as void;
    const first = new Promise<void>((resolve) => (release = resolve));
    answer = async (texts) => {
      if (texts.includes('1')) await first;
    };
    const mapping = start();
    await put('1');
    await new Promise(setImmediate);
    await put('2');
    await put('3');
    release();
    await finish(mapping);
    expect(batches).toEqual([['1'], ['2', '3']]);
  });

  it('with-kinesis "batching": a window waits for a full batch or its end, whichever is first', async () => {
    const mapping = start({ batchWindowSeconds: 5, batchSize: 3 });
    await put('1', '2');
    await new Promise(setImmediate);
    clock.advance(4000);
    await new Promise(setImmediate);
    expect(batches).toEqual([]);
    clock.advance(1100);
    await new Promise(setImmediate);
    expect(batches).toEqual([['1', '2']]);
    await put('3', '4', '5', '6');
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
    expect(batches.slice(1)).toEqual([['3', '4', '5']]);
    await finish(mapping);
    expect(batches.slice(2)).toEqual([['6']]);
  });

  it('gettingstarted-limits: a payload stays below 6 MB, a window ends when it is reached', async () => {
    const mapping = start({ batchWindowSeconds: 300 });
    for (let index = 0; index < 7; index += 1) await put(`${index}`.padEnd(1_000_000, '.'));
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
    expect(batches.map((texts) => texts.map(([digit]) => digit))).toEqual([['0', '1', '2', '3']]);
    await mapping.stop();
  });
});

describe(`partial batch response (${DG}/services-kinesis-batchfailurereporting.html)`, () => {
  const successes: [string, unknown][] = [
    ['null', null],
    ['undefined', undefined],
    ['{}', {}],
    ['a null list', { batchItemFailures: null }],
    ['an empty list', { batchItemFailures: [] }],
  ];
  it.each(successes)(
    '"Success and failure conditions": %s is complete success',
    async (_, value) => {
      answer = () => value;
      await put('1', '2');
      await finish(start());
      expect(batches).toEqual([['1', '2']]);
    },
  );

  const failures: [string, unknown][] = [
    ['an empty itemIdentifier', { batchItemFailures: [{ itemIdentifier: '' }] }],
    ['a null itemIdentifier', { batchItemFailures: [{ itemIdentifier: null }] }],
    ['a bad key name', { batchItemFailures: [{ sequenceNumber: '1' }] }],
    ['an unknown sequence number', { batchItemFailures: [{ itemIdentifier: '49' }] }],
    ['a list that is none', { batchItemFailures: 'all' }],
  ];
  it.each(failures)(
    '"Success and failure conditions": %s fails the whole batch',
    async (_, value) => {
      answer = () => (batches.length === 1 ? value : null);
      await put('1', '2');
      await finish(start());
      expect(batches).toEqual([
        ['1', '2'],
        ['1', '2'],
      ]);
    },
  );

  it('"Report syntax": the lowest reported sequence number is the checkpoint, all from there is retried', async () => {
    answer = (_texts, records) =>
      batches.length === 1
        ? {
            batchItemFailures: [records[3]!, records[1]!].map((record) => ({
              itemIdentifier: record.kinesis.sequenceNumber,
            })),
          }
        : null;
    await put('1', '2', '3', '4', '5');
    await finish(start());
    expect(batches).toEqual([
      ['1', '2', '3', '4', '5'],
      ['2', '3', '4', '5'],
    ]);
  });

  it('"Bisecting": with bisect on, a reported item splits there and not in the middle', async () => {
    answer = (texts, records) => (batches.length === 1 ? failFrom('4')(texts, records) : null);
    await put('1', '2', '3', '4', '5');
    await finish(start({ bisect: true }));
    expect(batches).toEqual([
      ['1', '2', '3', '4', '5'],
      ['4', '5'],
    ]);
  });
});

describe(`errors (${DG}/kinesis-on-failure-destination.html)`, () => {
  const throwOn =
    (text: string): Answer =>
    (texts) => {
      if (texts.includes(text)) throw new InvocationError('handled', 'poison');
      return null;
    };

  it('a function error retries the whole batch, and nothing behind it overtakes', async () => {
    answer = () => {
      if (batches.length < 3) throw new InvocationError('handled', 'not yet');
    };
    await put('1', '2');
    const mapping = start({ batchSize: 2 });
    await put('3');
    await finish(mapping);
    expect(batches).toEqual([['1', '2'], ['1', '2'], ['1', '2'], ['3']]);
  });

  it('BisectBatchOnFunctionError: halves isolate the bad record, the others are done', async () => {
    answer = throwOn('3');
    await put('1', '2', '3', '4');
    await finish(start({ bisect: true, retries: 1 }));
    expect(batches).toEqual([['1', '2', '3', '4'], ['1', '2'], ['3', '4'], ['3'], ['3'], ['4']]);
    expect(discards.map(({ records }) => records.length)).toEqual([1]);
  });

  it('BisectBatchOnFunctionError: splitting does not use up retries', async () => {
    answer = throwOn('8');
    await put('1', '2', '3', '4', '5', '6', '7', '8');
    await finish(start({ bisect: true, retries: 2 }));
    expect(batches.filter((texts) => texts.join() === '8')).toHaveLength(3);
  });

  it('MaximumRetryAttempts: 0 retries is one attempt, 2 are three, then the next batch', async () => {
    answer = throwOn('bad');
    await put('bad');
    const mapping = start({ retries: 2, batchSize: 1 });
    await put('good');
    await finish(mapping);
    expect(batches).toEqual([['bad'], ['bad'], ['bad'], ['good']]);
    expect(mapping.stats()).toMatchObject({
      discarded: 1,
      records: 1,
      invocations: 4,
      failures: 3,
    });
  });

  it('MaximumRecordAgeInSeconds: too old a record is not sent, younger ones of its batch are', async () => {
    await put('old');
    clock.advance(61_000);
    await put('young');
    await finish(start({ recordAgeMaxSeconds: 60 }));
    expect(batches).toEqual([['young']]);
    expect(discards[0]!.document).toMatchObject({
      requestContext: { condition: 'RecordAgeExceeded', approximateInvokeCount: 0 },
      KinesisBatchInfo: { batchSize: 1 },
    });
  });

  it('MaximumRecordAgeInSeconds: retries end when the record has become too old', async () => {
    answer = throwOn('bad');
    await put('bad');
    await finish(start({ recordAgeMaxSeconds: 60 }), 1000);
    expect(batches.length).toBeGreaterThan(3);
    expect(discards[0]!.document).toMatchObject({
      requestContext: { condition: 'RecordAgeExceeded', approximateInvokeCount: batches.length },
    });
  });

  it('"Example Amazon S3 invocation record": metadata as documented and the whole event as payload', async () => {
    answer = throwOn('2');
    await put('1', '2');
    await finish(start({ retries: 1 }));
    const [discard] = discards;
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
    answer = throwOn('1');
    await put('1');
    await finish(start({ retries: 0, onFailure: { kind: 'sqs', queue: 'sentry-publish-dlq' } }));
    expect(discards[0]!.document).toHaveProperty('KinesisBatchInfo');
    expect(discards[0]!.document).not.toHaveProperty('payload');
  });

  it('a destination that fails is tried again; the checkpoint does not pass the records before', async () => {
    answer = throwOn('1');
    let tries = 0;
    await put('1');
    const source = kinesis.source('s');
    const mapping = start(
      { retries: 0 },
      {
        source,
        onFailure: () => {
          tries += 1;
          expect(checkpoints.read(`${source.arn} detect`, 'shardId-000000000000')).toBeUndefined();
          return tries < 3 ? Promise.reject(new Error('store is down')) : Promise.resolve();
        },
      },
    );
    await finish(mapping);
    expect(tries).toBe(3);
    expect(checkpoints.read(`${source.arn} detect`, 'shardId-000000000000')).toBeDefined();
  });

  it('"Before invocation": a function that cannot be reached uses up no retries', async () => {
    answer = () => {
      if (batches.length < 5) throw new Error('no worker');
    };
    await put('1', '2');
    await finish(start({ retries: 0, bisect: true }));
    expect(batches).toHaveLength(5);
    expect(discards).toEqual([]);
  });
});

describe(`checkpoints (${DG}/with-kinesis.html)`, () => {
  it('a mapping started again goes on behind what was done', async () => {
    await put('1', '2');
    const first = start();
    await finish(first);
    await first.stop();
    await put('3');
    await finish(start());
    expect(batches).toEqual([['1', '2'], ['3']]);
  });

  it('after a partial failure and a stop, the next start retries from the failed record', async () => {
    answer = (texts, records) => {
      const reported = failFrom('3')(texts, records);
      void started[0]!.stop();
      return reported;
    };
    await put('1', '2', '3', '4');
    const first = start();
    await new Promise(setImmediate);
    await first.stop();
    answer = () => null;
    await finish(start());
    expect(batches).toEqual([
      ['1', '2', '3', '4'],
      ['3', '4'],
    ]);
  });

  it('a stream made anew under the same name is read from its beginning', async () => {
    await put('old');
    const first = start();
    await finish(first);
    await first.stop();
    await call('DeleteStream', { StreamName: 's' });
    clock.advance(1000);
    await call('CreateStream', { StreamName: 's', ShardCount: 1 });
    await put('new');
    await finish(start());
    expect(batches).toEqual([['old'], ['new']]);
  });
});

describe(`filters (${DG}/with-kinesis-filtering.html, ${DG}/with-ddb-filtering.html)`, () => {
  it('Kinesis: patterns see the decoded JSON under data; other records are passed over', async () => {
    await put('{"level":"error","n":1}', '{"level":"info"}', 'not json', '{"level":"error","n":2}');
    const mapping = start({ filters: [{ data: { level: ['error'] } }] });
    await finish(mapping);
    expect(batches).toEqual([['{"level":"error","n":1}', '{"level":"error","n":2}']]);
    expect(mapping.stats()).toMatchObject({ records: 2, filtered: 2 });
  });

  it('Kinesis: the checkpoint moves over records that no filter wants', async () => {
    await put('{"level":"info"}');
    await finish(start({ filters: [{ data: { level: ['error'] } }] }));
    const { arn } = kinesis.source('s');
    expect(checkpoints.read(`${arn} detect`, 'shardId-000000000000')).toBeDefined();
  });

  it('DynamoDB: any of several patterns over the stream record is enough', async () => {
    const source = createArraySource(['shard-0']);
    const add = (value: unknown) =>
      source.append('shard-0', { partitionKey: 'p', value, arrivedAt: clock.now() });
    add({ pk: { S: 'OUTBOX#1' } });
    add({ pk: { S: 'ALERT#1' } });
    add({ pk: { S: 'TIMER#1' } });
    const image = (prefix: string) => ({ dynamodb: { NewImage: { pk: { S: [{ prefix }] } } } });
    const mapping = start({ filters: [image('OUTBOX#'), image('TIMER#')] }, { source });
    await finish(mapping);
    expect(mapping.stats()).toMatchObject({ records: 2, filtered: 1 });
  });
});

describe(`parallelization factor (${DG}/services-kinesis-parameters.html)`, () => {
  it('keeps the order of a key while other keys overtake a slow one', async () => {
    const source = createArraySource(['shard-0']);
    const releases: (() => void)[] = [];
    let holding = true;
    answer = async (texts) => {
      if (holding && texts[0]!.startsWith('slow')) {
        await new Promise<void>((resolve) => void releases.push(resolve));
      }
    };
    const mapping = start({ parallelizationFactor: 2, batchSize: 1 }, { source });
    for (const value of ['slow-1', 'fast-1', 'slow-2', 'fast-2']) {
      const [partitionKey = ''] = value.split('-');
      source.append('shard-0', { partitionKey, value, arrivedAt: clock.now() });
    }
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
    expect(batches.flat()).toEqual(['slow-1', 'fast-1', 'fast-2']);
    // The checkpoint is per shard: it waits below the lowest record that is not finished.
    expect(checkpoints.read(`${source.arn} detect`, 'shard-0')).toBeUndefined();
    holding = false;
    for (const release of releases) release();
    await finish(mapping);
    expect(batches.flat().at(-1)).toBe('slow-2');
    expect(Number(checkpoints.read(`${source.arn} detect`, 'shard-0'))).toBe(4);
  });

  it('a poisoned shard does not hold up another', async () => {
    const source = createArraySource(['shard-0', 'shard-1']);
    answer = (texts) => {
      if (texts.includes('bad')) throw new InvocationError('handled', 'poison');
    };
    const mapping = start({}, { source });
    source.append('shard-0', { partitionKey: 'a', value: 'bad', arrivedAt: clock.now() });
    source.append('shard-1', { partitionKey: 'b', value: 'good', arrivedAt: clock.now() });
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
    expect(batches.flat()).toContain('good');
    expect(mapping.stats().records).toBe(1);
    clock.advance(5000);
    expect(mapping.stats().iteratorAgeMs).toBeGreaterThanOrEqual(5000);
  });
});
