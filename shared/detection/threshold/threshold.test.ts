import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Verdict } from '#shared/detection/detector.ts';

import type { ThresholdConfig } from './config.ts';
import { thresholdKind } from './threshold.ts';
import type { ThresholdState } from './state.ts';

const BASE = Date.parse('2026-03-01T00:00:00.000Z');
const COUNT: ThresholdConfig = {
  kind: 'threshold',
  aggregate: 'count',
  window_seconds: 600,
  operator: '>=',
  threshold: 5,
  min_events: 1,
};
const of = (change: Partial<ThresholdConfig>): ThresholdConfig => ({
  ...COUNT,
  ...(change.aggregate === 'percentile' && { percentile: 90 }),
  ...change,
});

interface Sample {
  at: number;
  value?: unknown;
}

function run(config: ThresholdConfig, samples: readonly Sample[], repack = false) {
  const detector = thresholdKind.init(config);
  let state: ThresholdState = detector.empty();
  const verdicts: (Verdict | undefined)[] = [];
  const skipped: string[] = [];
  for (const [index, { at, value }] of samples.entries()) {
    const point = { event_id: `e${index}`, at: BASE + at, stated_at: BASE + at, value };
    const update = detector.update(state, point);
    state = repack ? detector.unpack(detector.pack(update.state)) : update.state;
    verdicts.push(update.match);
    if (update.skipped !== undefined) skipped.push(update.skipped);
  }
  const occurrences = verdicts.reduce((sum, verdict) => sum + (verdict?.occurrences ?? 0), 0);
  return { detector, state, verdicts, skipped, occurrences };
}

/** Written from the definition: how many samples lie in some window (t − w, t] that crosses the limit. */
function naive(config: ThresholdConfig, samples: readonly Sample[]): number {
  const windowMs = config.window_seconds * 1000;
  const belongs = new Set<number>();
  for (const end of samples) {
    const members = samples.flatMap(({ at }, index) =>
      at > end.at - windowMs && at <= end.at ? [index] : [],
    );
    const values = members.map((index) => samples[index]!.value as number);
    const sum = values.reduce((total, value) => total + value, 0);
    const aggregate = {
      count: members.length,
      distinct: new Set(values).size,
      sum,
      avg: sum / members.length,
      rate: (sum * config.per_seconds!) / config.window_seconds,
      percentile: Number.NaN,
    }[config.aggregate];
    if (aggregate >= config.threshold) for (const index of members) belongs.add(index);
  }
  return belongs.size;
}

const seconds = (...times: number[]): Sample[] => times.map((time) => ({ at: time * 1000 }));
const samplesOf = (max: number) =>
  fc.array(fc.record({ at: fc.integer({ min: 0, max: 599_999 }), value: fc.nat(9) }), {
    minLength: 1,
    maxLength: max,
  });

describe('threshold', () => {
  it('fires with the event that crosses the limit and counts all events of the window then', () => {
    const { verdicts } = run(COUNT, seconds(0, 60, 120, 180, 240, 300));
    expect(verdicts.map((verdict) => verdict?.occurrences)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      5,
      1,
    ]);
  });

  it('stays quiet when the events spread over more than the window', () => {
    expect(run(COUNT, seconds(0, 200, 400, 500, 600)).occurrences).toBe(0);
    expect(run(COUNT, seconds(1, 200, 400, 500, 600)).occurrences).toBe(5);
  });

  it('explains itself in its own numbers', () => {
    const { verdicts } = run(of({ unit: 'failed logins' }), seconds(0, 1, 2, 3, 4, 5));
    expect(verdicts.at(-1)!.explain).toEqual({
      detector: 'threshold',
      summary: '6 failed logins in 10 min, limit 5',
      expected: 'below 5 in 10 min',
      observed: '6 failed logins',
      window_seconds: 600,
      values: { aggregate: 'count', value: '6', threshold: '5', operator: '>=', events: '6' },
    });
    const average = of({ aggregate: 'avg', field: 'payload.v', threshold: 90, unit: '%' });
    expect(run(average, [{ at: 0, value: 91.25 }]).verdicts[0]!.explain.summary).toBe(
      'average 91.25 % in 10 min, limit 90',
    );
  });

  it.each(['count', 'distinct', 'sum', 'rate'] as const)(
    'counts for %s what the definition says, in whatever order events come',
    (aggregate) => {
      const config = of({
        aggregate,
        field: 'payload.v',
        threshold: { count: 4, distinct: 4, sum: 25, rate: 5 }[aggregate],
        window_seconds: 300,
        ...(aggregate === 'rate' && { per_seconds: 60 }),
      });
      const lateness = fc.array(
        fc.record({ at: fc.integer({ min: 0, max: 299_999 }), value: fc.nat(9) }),
        { minLength: 1, maxLength: 40 },
      );
      fc.assert(
        fc.property(
          lateness.chain((samples) =>
            fc.tuple(
              fc.constant(samples),
              fc.shuffledSubarray(samples, { minLength: samples.length }),
            ),
          ),
          ([samples, shuffled]) => {
            const ordered = run(config, samples);
            const other = run(config, shuffled);
            expect(ordered.occurrences).toBe(naive(config, samples));
            expect(other.occurrences).toBe(ordered.occurrences);
            expect(other.detector.pack(other.state)).toEqual(ordered.detector.pack(ordered.state));
          },
        ),
      );
    },
  );

  it('counts what the definition says over many windows when events come at most a window late', () => {
    const config = of({ window_seconds: 60, threshold: 3 });
    const walk = fc.array(fc.record({ step: fc.nat(40_000), back: fc.nat(59_000) }), {
      minLength: 1,
      maxLength: 120,
    });
    fc.assert(
      fc.property(walk, (steps) => {
        let newest = 0;
        const samples = steps.map(({ step, back }, index) => {
          newest += step;
          return { at: index % 3 === 0 ? newest : Math.max(newest - back, 0) };
        });
        let highest = 0;
        const inTime = samples.filter(({ at }) => {
          highest = Math.max(highest, at);
          return at > highest - 60_000;
        });
        expect(run(config, samples).occurrences).toBe(naive(config, inTime));
      }),
    );
  });

  it.each(['count', 'distinct', 'sum', 'avg', 'rate', 'percentile'] as const)(
    'behaves exactly the same when packed and unpacked after every event (%s)',
    (aggregate) => {
      const config = of({ aggregate, field: 'payload.v', threshold: 7 });
      fc.assert(
        fc.property(samplesOf(60), (samples) => {
          const kept = run(config, samples);
          const packed = run(config, samples, true);
          expect(packed.verdicts).toEqual(kept.verdicts);
          expect(packed.state).toEqual(kept.state);
        }),
      );
    },
  );

  it.each(['count', 'distinct', 'sum', 'avg', 'rate', 'percentile'] as const)(
    'packs into 4 KB and back exactly however busy the series is (%s)',
    (aggregate) => {
      const config = of({
        aggregate,
        field: 'payload.v',
        threshold: 1e9,
        window_seconds: 86_400 * 7,
      });
      const detector = thresholdKind.init(config);
      let state = detector.empty();
      let largest = 0;
      for (let index = 0; index < 3_000; index++) {
        const at = BASE + index * 397_123.7;
        const value = aggregate === 'distinct' ? `v${index}` : index * 1.37;
        state = detector.update(state, { event_id: '', at, stated_at: at, value }).state;
        if (index % 17 !== 0 && index > 600) continue;
        const bytes = detector.pack(state);
        largest = Math.max(largest, bytes.length);
        expect(detector.unpack(bytes)).toEqual(state);
      }
      expect(largest).toBeLessThanOrEqual(4096);
    },
  );

  it('goes over to slots when busy, within one slot of the exact count, and back after silence', () => {
    const config = of({ threshold: 1000, window_seconds: 60 });
    const { state, occurrences } = run(
      config,
      Array.from({ length: 5000 }, (_, index) => ({ at: index * 20 })),
    );
    expect(state.kind).toBe('slots');
    expect(occurrences).toBe(5000);
    const quiet = run(
      config,
      Array.from({ length: 5000 }, (_, index) => ({ at: index * 62 })),
    );
    expect(quiet.occurrences).toBe(0);
    const later = quiet.detector.update(quiet.state, {
      event_id: '',
      at: BASE + 1e9,
      stated_at: 0,
    });
    expect(later.state).toMatchObject({ kind: 'exact', counted: [false] });
  });

  it('estimates a large number of distinct values within a quarter', () => {
    const config = of({ aggregate: 'distinct', field: 'payload.ip', threshold: 2_000 });
    const addresses = Array.from({ length: 4_000 }, (_, index) => ({
      at: index,
      value: `10.0.${index >> 8}.${index & 255}`,
    }));
    const { verdicts } = run(config, addresses);
    const first = verdicts.findIndex((verdict) => verdict !== undefined);
    expect(first).toBeGreaterThan(1_500);
    expect(first).toBeLessThan(2_500);
    expect(verdicts[first]!.explain.observed).toMatch(/^about /);
  });

  it('skips with a reason what is not a finite number, and never lets it into the sum', () => {
    const config = of({ aggregate: 'sum', field: 'payload.v', threshold: 10 });
    const values = [NaN, Infinity, '7', null, undefined, {}, true, 4, 6];
    const { skipped, occurrences } = run(
      config,
      values.map((value, index) => ({ at: index, value })),
    );
    expect(skipped).toEqual([
      'payload.v is not finite',
      'payload.v is not finite',
      'payload.v is not a number',
      'no value at payload.v',
      'no value at payload.v',
      'payload.v is not a number',
      'payload.v is not a number',
    ]);
    expect(occurrences).toBe(2);
  });

  it('ignores and counts what comes later than the window', () => {
    const { state, skipped } = run(COUNT, seconds(1000, 400, 399, 401));
    expect(skipped).toEqual(['later than the window of 600 s', 'later than the window of 600 s']);
    expect(state.late).toBe(2);
  });

  it('waits for the least number of events before it judges an average', () => {
    const config = of({ aggregate: 'avg', field: 'payload.v', threshold: 90, min_events: 3 });
    const high = [1, 2, 3].map((at) => ({ at, value: 99 }));
    expect(run(config, high).verdicts.map(Boolean)).toEqual([false, false, true]);
  });

  it.each([
    ['>', 5, [false, false, true]],
    ['>=', 5, [false, true, true]],
    ['<', 5, [true, false, false]],
    ['<=', 5, [true, true, false]],
  ] as const)('judges sums with %s', (operator, threshold, fires) => {
    const config = of({ aggregate: 'sum', field: 'payload.v', operator, threshold });
    const values = [4, 1, 1].map((value, at) => ({ at, value }));
    const verdicts = run(config, values).verdicts.map((verdict) => verdict !== undefined);
    expect(verdicts).toEqual(fires);
  });

  it('keeps its state over a change of the limit, and refuses it over a change of window or field', () => {
    const { detector, state } = run(COUNT, seconds(0, 1, 2));
    const bytes = detector.pack(state);
    expect(thresholdKind.init(of({ threshold: 3 })).unpack(bytes)).toEqual(state);
    for (const other of [of({ window_seconds: 60 }), of({ aggregate: 'sum', field: 'payload.v' })])
      expect(() => thresholdKind.init(other).unpack(bytes)).toThrow(SyntaxError);
  });

  it('refuses bytes it did not write', () => {
    const { detector, state } = run(COUNT, seconds(0, 1, 2));
    const bytes = detector.pack(state);
    for (let length = 0; length < bytes.length; length++)
      expect(() => detector.unpack(bytes.slice(0, length))).toThrow(SyntaxError);
    expect(() => detector.unpack(new Uint8Array([...bytes, 0]))).toThrow(SyntaxError);
    expect(() => detector.unpack(new Uint8Array([9, 9, 9]))).toThrow(SyntaxError);
  });
});
