import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { DG, failFrom, startRig } from './fixture/rig.ts';
import type { Rig } from './fixture/rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

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
      rig.answer = () => value;
      await rig.put('1', '2');
      await rig.finish(rig.start());
      expect(rig.batches).toEqual([['1', '2']]);
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
      rig.answer = () => (rig.batches.length === 1 ? value : null);
      await rig.put('1', '2');
      await rig.finish(rig.start());
      expect(rig.batches).toEqual([
        ['1', '2'],
        ['1', '2'],
      ]);
    },
  );

  it('"Report syntax": the lowest reported sequence number is the checkpoint, all from there is retried', async () => {
    rig.answer = (_texts, records) =>
      rig.batches.length === 1
        ? {
            batchItemFailures: [records[3]!, records[1]!, records[2]!].map((record) => ({
              itemIdentifier: record.kinesis.sequenceNumber,
            })),
          }
        : null;
    await rig.put('1', '2', '3', '4', '5');
    await rig.finish(rig.start());
    expect(rig.batches).toEqual([
      ['1', '2', '3', '4', '5'],
      ['2', '3', '4', '5'],
    ]);
  });

  it('"Bisecting": with bisect on, a reported item splits there and not in the middle', async () => {
    rig.answer = (texts, records) =>
      rig.batches.length === 1 ? failFrom('4')(texts, records) : null;
    await rig.put('1', '2', '3', '4', '5');
    await rig.finish(rig.start({ bisect: true }));
    expect(rig.batches).toEqual([
      ['1', '2', '3', '4', '5'],
      ['4', '5'],
    ]);
  });
});
