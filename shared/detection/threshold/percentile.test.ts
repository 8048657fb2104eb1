import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { foldOnce, FoldRows, pointOf } from '#shared/testing/fold-rows.ts';

import { ThresholdConfig } from './config.ts';
import { bucketOf, RELATIVE_ERROR, valueOf } from './log-bucket.ts';
import { SKETCH_PAIRS_MAX } from './state.ts';
import type { ThresholdState } from './state.ts';
import { thresholdKind } from './threshold.ts';

const BASE = Date.parse('2026-03-01T00:00:00.000Z');
const P99 = ThresholdConfig.parse({
  kind: 'threshold',
  aggregate: 'percentile',
  percentile: 99,
  field: 'payload.ms',
  window_seconds: 300,
  operator: '>',
  threshold: 500,
  min_events: 20,
  unit: 'ms',
});
/** Fires on every event, so that its value can be read. */
const SHOWN = { ...P99, operator: '>', threshold: -Number.MAX_VALUE, min_events: 1 } as const;

/** Gives one value each `everyMs`; returns what the last event was told. */
function run(config: ThresholdConfig, values: readonly number[], everyMs = 10) {
  const detector = thresholdKind.init(config);
  let state: ThresholdState = detector.empty();
  let fired: number | undefined;
  let occurrences = 0;
  let last: ReturnType<typeof detector.update>['match'];
  for (const [index, value] of values.entries()) {
    const at = BASE + index * everyMs;
    const update = detector.update(state, { event_id: '', at, stated_at: at, value });
    state = update.state;
    last = update.match;
    if (last !== undefined) fired ??= index;
    occurrences += last?.occurrences ?? 0;
  }
  return { detector, state, fired, occurrences, last };
}

/** Nearest rank, by sorting. */
function percentileOf(values: readonly number[], percentile: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil((percentile / 100) * sorted.length)) - 1]!;
}

describe('the percentile of a threshold', () => {
  it('is the value of its rank, exactly, while samples are kept', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 200 }),
        fc.constantFrom(0, 1, 50, 90, 99, 99.9, 100),
        (values, percentile) => {
          const truth = percentileOf(values, percentile);
          const crossing = (operator: '>' | '>=') =>
            run({ ...SHOWN, percentile, operator, threshold: truth }, values).last !== undefined;
          expect(run({ ...SHOWN, percentile }, values).state.kind).toBe('exact');
          expect(crossing('>')).toBe(false);
          expect(crossing('>=')).toBe(true);
        },
      ),
    );
  });

  it('explains itself in its own numbers', () => {
    const values = [...Array<number>(98).fill(100), 812, 812];
    const { last, fired, occurrences } = run(P99, values);
    expect([fired, occurrences]).toEqual([98, 100]);
    expect(last!.explain).toEqual({
      detector: 'threshold',
      summary: 'p99 of payload.ms 812 ms in 5 min, limit 500',
      expected: 'at most 500 in 5 min',
      observed: 'p99 of payload.ms 812 ms',
      window_seconds: 300,
      values: {
        aggregate: 'percentile',
        percentile: '99',
        field: 'payload.ms',
        value: '812',
        threshold: '500',
        operator: '>',
        events: '100',
      },
    });
    expect(thresholdKind.describe(P99)).toBe('p99 of payload.ms > 500 ms in 5 min');
  });

  it('is not judged on fewer than the least number of events', () => {
    expect(run(P99, Array<number>(19).fill(900)).fired).toBeUndefined();
    expect(run(P99, Array<number>(20).fill(900)).fired).toBe(19);
  });

  it('is within 2 % of the true one when samples are no longer kept, whatever the values', () => {
    const scale = fc.double({ noNaN: true, min: -12, max: 12 });
    const spread = fc.double({ noNaN: true, min: 0, max: 3 });
    fc.assert(
      fc.property(
        scale,
        spread,
        fc.constantFrom(1, 50, 90, 99),
        fc.array(fc.double({ noNaN: true, min: -1, max: 1 }), { minLength: 300, maxLength: 600 }),
        (log, width, percentile, draws) => {
          const values = draws.map((draw) => Math.exp(log + width * draw) * (draw < -0.9 ? -1 : 1));
          const { state, last, detector } = run({ ...SHOWN, percentile }, values);
          const truth = percentileOf(values, percentile);
          const told = Number(last!.explain.values!['value']);
          expect(state.kind).toBe('sketch');
          expect(Math.abs(told - truth)).toBeLessThanOrEqual(
            Math.abs(truth) * (RELATIVE_ERROR + 0.0006),
          );
          expect(detector.pack(state).length).toBeLessThanOrEqual(4096);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('keeps that bound for high percentiles when values span twenty decades, within 4 KB', () => {
    const values = Array.from(
      { length: 20_000 },
      (_, index) => (index % 2 === 0 ? 1 : -1) * 10 ** (((index * 7919) % 2000) / 100 - 10),
    );
    const { state, last, detector } = run(SHOWN, values, 1);
    const truth = percentileOf(values, 99);
    expect(Math.abs(Number(last!.explain.values!['value']) / truth - 1)).toBeLessThan(0.021);
    expect(last!.explain.observed).toMatch(/^about p99/);
    if (state.kind !== 'sketch') throw new TypeError('no sketch');
    const pairs = state.slots.reduce((sum, { buckets }) => sum + buckets.length, 0);
    expect(pairs).toBeLessThanOrEqual(SKETCH_PAIRS_MAX);
    expect(pairs).toBeGreaterThan(SKETCH_PAIRS_MAX / 2);
    const bytes = detector.pack(state);
    expect(bytes.length).toBeLessThanOrEqual(4096);
    expect(detector.unpack(bytes)).toEqual(state);
  });

  it('forgets what is older than the window, and counts each event once', () => {
    const slow = { ...P99, window_seconds: 10 };
    const values = [...Array<number>(1000).fill(900), ...Array<number>(3000).fill(10)];
    const { state, occurrences, last } = run(slow, values);
    expect(state.kind).toBe('sketch');
    expect(last).toBeUndefined();
    expect(occurrences).toBeGreaterThanOrEqual(1000);
    expect(occurrences).toBeLessThan(2000);
  });

  it('goes on below a limit too', () => {
    const low = { ...P99, percentile: 10, operator: '<', threshold: 50 } as const;
    const values = Array.from({ length: 600 }, (_, index) => (index < 400 ? 100 : 20));
    const { fired } = run(low, values);
    expect(fired).toBeGreaterThan(440);
    expect(fired).toBeLessThan(448);
  });

  it.each(['exact', 'sketch'] as const)('takes a late event into its window (%s)', (kind) => {
    const detector = thresholdKind.init({ ...P99, percentile: 100 });
    let { state } = run(
      { ...P99, percentile: 100 },
      Array<number>(kind === 'exact' ? 30 : 600).fill(10),
    );
    expect(state.kind).toBe(kind);
    const point = (at: number) => ({ event_id: '', at: BASE + at, stated_at: 0, value: 900 });
    expect(detector.update(state, point(3)).match!.occurrences).toBe(kind === 'exact' ? 31 : 601);
    state = detector.update(state, { ...point(299_000), value: 10 }).state;
    const late = detector.update(state, point(-2_000));
    expect(late).toMatchObject({ skipped: 'later than the window of 300 s' });
  });

  it('is exact under redelivery, also when samples are no longer kept', () => {
    const points = Array.from({ length: 700 }, (_, index) =>
      pointOf(index, index, index * 40, 100 + ((index * 7919) % 900)),
    );
    const rows = new FoldRows(P99);
    for (let from = 0; from < points.length; from += 90) {
      rows.take(points.slice(from, from + 90));
      rows.take(points.slice(Math.max(0, from - 30), from + 90));
    }
    expect(rows.final()).toEqual(foldOnce(P99, points).final());
    expect(rows.occurrences).toBe(700);
  });

  it('keeps its state over a change of percentile and limit', () => {
    const { detector, state } = run(P99, Array<number>(600).fill(10));
    const bytes = detector.pack(state);
    const other = thresholdKind.init({ ...P99, percentile: 50, threshold: 5 });
    expect(other.unpack(bytes)).toEqual(state);
    for (let length = 0; length < bytes.length; length++)
      expect(() => detector.unpack(bytes.slice(0, length))).toThrow(SyntaxError);
  });
});

describe('a bucket', () => {
  it('stands for every value in it within 2 %, and buckets sort as values do', () => {
    const value = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(value, value, (one, other) => {
        const error = Math.abs(valueOf(bucketOf(one)) - one);
        expect(error).toBeLessThanOrEqual(Math.abs(one) * (RELATIVE_ERROR + 1e-9) + 1e-300);
        if (one < other) expect(bucketOf(one)).toBeLessThanOrEqual(bucketOf(other));
      }),
    );
  });
});
