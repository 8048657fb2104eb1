import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createArraySource } from './fixture/array-source.ts';
import { DG, failFrom, startRig } from './fixture/rig.ts';
import type { Rig } from './fixture/rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

describe(`checkpoints (${DG}/with-kinesis.html)`, () => {
  it('a mapping started again goes on behind what was done', async () => {
    await rig.put('1', '2');
    const first = rig.start();
    await rig.finish(first);
    await first.stop();
    await rig.put('3');
    await rig.finish(rig.start());
    expect(rig.batches).toEqual([['1', '2'], ['3']]);
  });

  it('after a partial failure and a stop, the next start retries from the failed record', async () => {
    rig.answer = (texts, records) => {
      const reported = failFrom('3')(texts, records);
      void first.stop();
      return reported;
    };
    await rig.put('1', '2', '3', '4');
    const first = rig.start();
    await new Promise(setImmediate);
    await first.stop();
    rig.answer = () => null;
    await rig.finish(rig.start());
    expect(rig.batches).toEqual([
      ['1', '2', '3', '4'],
      ['3', '4'],
    ]);
  });

  it('a stream made anew under the same name is read from its beginning', async () => {
    await rig.put('old');
    const first = rig.start();
    await rig.finish(first);
    await first.stop();
    await rig.call('DeleteStream', { StreamName: 's' });
    rig.clock.advance(1000);
    await rig.call('CreateStream', { StreamName: 's', ShardCount: 1 });
    await rig.put('new');
    await rig.finish(rig.start());
    expect(rig.batches).toEqual([['old'], ['new']]);
  });
});

describe(`filters (${DG}/with-kinesis-filtering.html, ${DG}/with-ddb-filtering.html)`, () => {
  it('Kinesis: patterns see the decoded JSON under data; other records are passed over', async () => {
    await rig.put(
      '{"level":"error","n":1}',
      '{"level":"info"}',
      'not json',
      '{"level":"error","n":2}',
    );
    const mapping = rig.start({ filters: [{ data: { level: ['error'] } }] });
    await rig.finish(mapping);
    expect(rig.batches).toEqual([['{"level":"error","n":1}', '{"level":"error","n":2}']]);
    expect(mapping.stats()).toMatchObject({ records: 2, filtered: 2 });
  });

  it('Kinesis: the checkpoint moves over records that no filter wants', async () => {
    await rig.put('{"level":"info"}');
    await rig.finish(rig.start({ filters: [{ data: { level: ['error'] } }] }));
    const { arn } = rig.source;
    expect(rig.checkpoints.read(`${arn} detect`, 'shardId-000000000000')).toBeDefined();
  });

  it('DynamoDB: any of several patterns over the stream record is enough', async () => {
    const source = createArraySource(['shard-0']);
    const add = (value: unknown) =>
      source.append('shard-0', { partitionKey: 'p', value, arrivedAt: rig.clock.now() });
    add({ pk: { S: 'OUTBOX#1' } });
    add({ pk: { S: 'ALERT#1' } });
    add({ pk: { S: 'TIMER#1' } });
    const image = (prefix: string) => ({ dynamodb: { NewImage: { pk: { S: [{ prefix }] } } } });
    const mapping = rig.start({ filters: [image('OUTBOX#'), image('TIMER#')] }, { source });
    await rig.finish(mapping);
    expect(mapping.stats()).toMatchObject({ records: 2, filtered: 1 });
  });
});
