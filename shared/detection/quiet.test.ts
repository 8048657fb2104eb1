import { describe, expect, it } from 'vitest';

import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { Commit, WorkStore } from '#shared/ports/work-store.ts';
import { NO_RESPONSE } from '#shared/response/rules.ts';
import { compileRuleSet } from '#shared/rule/compile-rule-set.ts';
import { BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildEvent, buildRule } from '#shared/testing/build-finding.ts';

import type { SeriesWork } from './collect-series.ts';
import { commitQuiet } from './commit-quiet.ts';
import { chunksOf, type SeriesRows } from './commit-series.ts';
import type { ChunkedWork } from './prefetch-series.ts';
import type { BoundDetector } from './registry.ts';

const clock = { now: Date.parse(BUILT_AT) };
const ctx = buildContext(clock);
const rule = buildRule({
  detector: {
    kind: 'threshold',
    aggregate: 'count',
    window_seconds: 600,
    operator: '>=',
    threshold: 5,
    min_events: 1,
  },
});
const NOTHING: SeriesRows = { series: undefined, seen: [], raise: {} };

/** A series with so many events, each a minute after the one before. */
function series(name: string, events = 1): ChunkedWork {
  const [match] = compileRuleSet([rule]).match(buildEvent(1)).matches;
  const points: SeriesWork['points'] = Array.from({ length: events }, (_, n) => {
    const event = buildEvent(n, { event_id: `${name}-${n}` });
    const at = clock.now + n * 60_000;
    const point = { event_id: event.event_id, at, stated_at: at, value: 1 };
    return { sequence: String(100 + n), event, point };
  });
  const { compiled } = match!;
  const group = { service: name };
  const work = { tenant: 't1', shard: 's', compiled, series_key: name, group, points };
  return { work, chunks: chunksOf(work) };
}
/** The same with parts of its detector replaced. */
function withDetector({ work, chunks }: ChunkedWork, parts: Partial<BoundDetector>): ChunkedWork {
  const { compiled } = work;
  const detector = { ...compiled.detector, ...parts };
  return { work: { ...work, compiled: { ...compiled, detector } }, chunks };
}
function open(fail: (commit: Commit) => Error | undefined = () => undefined) {
  const tables = createMemoryTables();
  const store = createMemoryWorkStore(tables, () => clock.now);
  const commits: Commit[] = [];
  const commit: WorkStore['commit'] = async (rows) => {
    commits.push(rows);
    const error = fail(rows);
    if (error) throw error;
    await store.commit(rows);
  };
  const work = { ...store, commit };
  const response = () => Promise.resolve(NO_RESPONSE);
  const ports = { work, response, pause: () => Promise.resolve() };
  return { tables, commits, ports };
}
const DONE = { kind: 'committed', raised: [], folded: 1, duplicates: 0 };

describe('series that found nothing', () => {
  it('are committed many to a transaction: series, then what was seen, each as it stood', async () => {
    const { ports, commits, tables } = open();
    const chunked = Array.from({ length: 91 }, (_, n) => series(`s${n}`));
    const done = await commitQuiet(
      ports,
      ctx,
      chunked,
      chunked.map(() => NOTHING),
    );
    expect(commits.map(({ changes }) => changes.length)).toEqual([90, 90, 2]);
    expect(commits[0]!.changes.slice(0, 2)).toMatchObject([
      {
        kind: 'series',
        row: { tenant: 't1', rule_id: 'cpu-high', series_key: 's0', touched_at: BUILT_AT },
        expected: 0,
      },
      { kind: 'seen', row: { series_key: 's0', revision: 1 }, expected: 0 },
    ]);
    for (const { journal, outbox } of commits) expect([journal, outbox]).toEqual([[], []]);
    expect([...done.keys()].toSorted((a, b) => a - b)).toEqual(chunked.map((_, at) => at));
    for (const outcome of done.values()) expect(outcome).toStrictEqual(DONE);
    expect([tables.series.size, tables.seen.size]).toEqual([91, 91]);
  });

  it('that bring nothing new are done without a write', async () => {
    const { ports, commits } = open();
    const one = series('s');
    await commitQuiet(ports, ctx, [one], [NOTHING]);
    const found = commits[0]!.changes;
    const row = found.flatMap((change) => (change.kind === 'series' ? [change.row] : []))[0];
    const seen = found.flatMap((change) => (change.kind === 'seen' ? [change.row] : []));
    commits.length = 0;
    const again = await commitQuiet(ports, ctx, [one], [{ series: row, seen, raise: {} }]);
    expect(commits).toEqual([]);
    expect(again.get(0)).toStrictEqual({ ...DONE, folded: 0, duplicates: 1 });
  });

  it('are kept apart where their states are large', async () => {
    const { ports, commits } = open();
    // Two million bytes with the eight of each event's id.
    for (const [bytes, transactions] of [
      [999_992, 1],
      [999_993, 2],
    ] as const) {
      commits.length = 0;
      const pack = () => new Uint8Array(bytes);
      const large = ['a', 'b'].map((name) => withDetector(series(`${name}${bytes}`), { pack }));
      await commitQuiet(ports, ctx, large, [NOTHING, NOTHING]);
      expect(commits).toHaveLength(transactions);
    }
  });

  it.each([
    ['that were not read', () => undefined, 1],
    ['that found something', () => NOTHING, 5],
    ['of several chunks', () => NOTHING, 41],
  ])('is not said of those %s: they are left alone', async (_name, rowsOf, events) => {
    const { ports, commits } = open();
    const quiet = await commitQuiet(
      ports,
      ctx,
      [series('s', events), series('t')],
      [rowsOf(), NOTHING],
    );
    expect([...quiet.keys()]).toEqual([1]);
    expect(commits).toHaveLength(1);
  });

  it('are left alone where their transaction is refused; the others are done', async () => {
    const { ports, tables } = open(({ changes }) =>
      changes.some(({ row }) => 'series_key' in row && row.series_key === 's0')
        ? new SentryError('conflict', 'lost')
        : undefined,
    );
    const chunked = Array.from({ length: 50 }, (_, n) => series(`s${n}`));
    const done = await commitQuiet(
      ports,
      ctx,
      chunked,
      chunked.map(() => NOTHING),
    );
    expect([...done.keys()]).toEqual([45, 46, 47, 48, 49]);
    expect(tables.series.size).toBe(5);
  });

  it('does not hide a fault of ours', async () => {
    const { ports } = open(() => new TypeError('ours'));
    await expect(commitQuiet(ports, ctx, [series('s')], [NOTHING])).rejects.toThrow('ours');
  });

  it('whose rule throws is left to be told of', async () => {
    const { ports, commits } = open();
    const update = () => {
      throw new RangeError('the rule');
    };
    const faulty = withDetector(series('s'), { update });
    expect([...(await commitQuiet(ports, ctx, [faulty], [NOTHING]))]).toEqual([]);
    expect(commits).toEqual([]);
  });
});
