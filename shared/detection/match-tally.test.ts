import { describe, expect, it } from 'vitest';

import { buildEvent } from '#shared/testing/build-event.ts';
import { buildRule } from '#shared/testing/build-rule.ts';
import { buildRecord, createDetectHarness } from '#shared/testing/detect-harness.ts';

import { MatchTally } from './match-tally.ts';

const HOT = { type: 'metric.cpu', payload: { value_percent: 95 } };
const record = (sequence: number, fields: Parameters<typeof buildRecord>[2] = {}) =>
  buildRecord(sequence, buildEvent({ ...HOT, event_id: `e${sequence}` }), fields);
const records = Array.from({ length: 9 }, (_, at) => record(at + 1));

describe('matches counted for the list of rules', () => {
  const setUp = () => createDetectHarness([buildRule(), buildRule({ rule_id: 'second' })]);
  const counts = async ({ activity }: ReturnType<typeof setUp>) =>
    (await activity.list('t1', 0)).map(({ matches }) => matches);

  it('count each record once, however its batch comes again', async () => {
    const harness = setUp();
    await harness.deliver(records.slice(0, 4));
    await harness.deliver(records.slice(0, 4));
    await harness.deliver(records.slice(2, 7));
    await harness.deliver(records);
    await harness.deliver(records.slice(0, 1));
    expect(await counts(harness)).toEqual([{ 'cpu-high': 9, second: 9 }]);
  });

  it('leave out what was not committed until it comes again', async () => {
    const harness = setUp();
    const work = {
      ...harness.work,
      commit: () => Promise.reject(new Error('throttled')),
    };
    await harness.deliver(records, work);
    expect(await counts(harness)).toEqual([]);
    await harness.deliver(records);
    expect(await counts(harness)).toEqual([{ 'cpu-high': 9, second: 9 }]);
  });

  it('are told to the feed by tenant, without what is not committed', () => {
    const tally = new MatchTally();
    for (const sequence of [1, 2, 3]) tally.add('t1', record(sequence), 'cpu-high');
    tally.add('t1', record(3), 'second');
    tally.add('t2', record(1), 'cpu-high');
    expect(tally.countOf('t1', undefined)).toBe(4);
    expect(tally.countOf('t1', record(3).sequence)).toBe(2);
    expect(tally.countOf('t3', undefined)).toBe(0);
  });

  it('stand by hour of arrival and by shard', async () => {
    const harness = setUp();
    const arrived = Date.parse('2026-01-01T10:59:59.000Z');
    const shard = 'shardId-000000000001';
    await harness.deliver([
      record(1, { arrived_at_ms: arrived }),
      record(2, { arrived_at_ms: arrived + 2_000 }),
      record(3, { arrived_at_ms: arrived + 2_000, shard }),
    ]);
    const rows = await harness.activity.list('t1', 0);
    const hour = Math.floor(arrived / 3_600_000);
    expect(rows.map((row) => [row.hour - hour, row.shard.at(-1), row.matches['second']])).toEqual([
      [0, '0', 1],
      [1, '0', 1],
      [1, '1', 1],
    ]);
  });

  it('never keep a batch from being done', async () => {
    const harness = setUp();
    harness.ports.activity!.put = () => Promise.reject(new Error('throttled'));
    expect((await harness.deliver(records)).uncommitted).toBeUndefined();
    expect(harness.warnings).toEqual(['matches not counted']);
  });
});
