import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { DetectorConfig } from '#shared/detection/kinds.ts';
import { bindDetector, checkDetector } from '#shared/detection/registry.ts';
import { buildSeries } from '#shared/testing/build-series.ts';
import { runDetector } from '#shared/testing/run-detector.ts';

const METHODS = ['ewma', 'holt-winters', 'seasonal', 'robust-z'] as const;

function settings(method: string, fields: Record<string, unknown> = {}): DetectorConfig {
  return DetectorConfig.parse({ kind: 'statistical', method, field: 'payload.value', ...fields });
}

/** Short periods and few points to warm up, so that short sequences reach every branch. */
const QUICK: Record<(typeof METHODS)[number], Record<string, unknown>> = {
  ewma: { min_points: 8, adopt_after_points: 5, half_life_seconds: 3_600 },
  'holt-winters': { min_points: 8, adopt_after_points: 5, period_seconds: 3_600, season_knots: 2 },
  seasonal: { min_points: 8, adopt_after_points: 5, min_days: 1 },
  'robust-z': { min_points: 8, window_points: 16 },
};

const anyStep = fc.record({
  /** Milliseconds after the newest point; negative is late. */
  step: fc.oneof(
    fc.constant(0),
    fc.integer({ min: -400_000, max: 3_600_000 }),
    fc.integer({ min: 0, max: 40 * 86_400_000 }),
  ),
  value: fc.oneof(
    fc.double({ noNaN: false }),
    fc.integer({ min: -10, max: 10 }),
    fc.maxSafeInteger(),
    fc.constantFrom(1e300, -1e300, 5e-324, -0, 0, 1e-17, 1e150),
    fc.constantFrom(null, '12', undefined, true, {}),
  ),
});
const anySequence = fc.array(anyStep, { maxLength: 120 });

/** Every number a value holds, however deep. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(numbersIn);
}

describe.each(METHODS)('%s', (method) => {
  const config = settings(method, QUICK[method]);

  it('behaves after a reload exactly as before, on any sequence, and never changes the state it was given', () => {
    fc.assert(
      fc.property(anySequence, (steps) => {
        const kept = runDetector(config);
        const { detector } = kept;
        let reloaded = detector.empty();
        let at = Date.UTC(2026, 0, 9);
        for (const { step, value } of steps) {
          at += step;
          const before = structuredClone(kept.state());
          const given = kept.state();
          const direct = kept.feed(at, value);
          expect(given).toEqual(before);
          reloaded = detector.unpack(detector.pack(reloaded));
          const point = { event_id: 'e', at, stated_at: at, value };
          const again = detector.update(reloaded, point);
          reloaded = again.state;
          expect({ ...again, state: 0 }).toEqual({ ...direct, state: 0 });
          expect(detector.pack(reloaded)).toEqual(detector.pack(kept.state()));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('holds no NaN and no infinity, and gives finite scores, on any sequence', () => {
    fc.assert(
      fc.property(anySequence, (steps) => {
        const runner = runDetector(config);
        let at = Date.UTC(2026, 0, 9);
        for (const { step, value } of steps) {
          at += step;
          const { state, score, match } = runner.feed(at, value);
          expect(numbersIn(state).filter((number) => !Number.isFinite(number))).toEqual([]);
          expect(score === undefined || (Number.isFinite(score) && score >= 0)).toBe(true);
          expect(JSON.stringify(match ?? {})).not.toMatch(/NaN|Infinity|null/);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is as good with numbers of any size', () => {
    const series = buildSeries({ seed: 7, points: 288 * 16 });
    const at = series.at(-1)!.at + 300_000;
    for (const scale of [1e-9, 1, 2 ** 46, 1e295]) {
      const runner = runDetector(settings(method));
      for (const one of series) runner.feed(one.at, one.value * scale);
      expect(runner.findings()).toEqual([]);
      expect(runner.feed(at, 110 * scale).match).toBeDefined();
    }
  });

  it('tells integers up to 2^53 apart only as far as they differ in their own terms', () => {
    const runner = runDetector(settings(method));
    const top = Number.MAX_SAFE_INTEGER;
    for (let i = 0; i < 288 * 16; i++) runner.feed(i * 300_000, top - (i % 3));
    expect(runner.updates.some(({ match }) => match)).toBe(false);
    expect(runner.feed(288 * 16 * 300_000, top / 2).match).toBeDefined();
  });

  it('finds nothing in a constant, nor in the noise of its arithmetic', () => {
    for (const constant of [0, 0.3, -7e-5, 1e12, 1e299]) {
      const runner = runDetector(settings(method));
      for (let i = 0; i < 288 * 16; i++) {
        const jitter = i % 97 === 0 ? 3e-16 * Math.max(1, Math.abs(constant)) : 0;
        runner.feed(i * 300_000, constant + jitter);
      }
      expect(runner.updates.some(({ match }) => match)).toBe(false);
    }
  });

  it.each([
    ['nothing', undefined, 'no value at payload.value'],
    ['null', null, 'no value at payload.value'],
    ['text', '12', 'payload.value is not a number'],
    ['an object', {}, 'payload.value is not a number'],
    ['NaN', Number.NaN, 'payload.value is not finite'],
    ['infinity', Number.NEGATIVE_INFINITY, 'payload.value is not finite'],
    ['1e400 as JSON reads it', JSON.parse('1e400'), 'payload.value is not finite'],
    ['1e301', -1e301, 'payload.value is beyond ±1e+300'],
  ])('skips %s and says why, learning nothing', (_name, value, reason) => {
    const runner = runDetector(config);
    for (let i = 0; i < 20; i++) runner.feed(i * 60_000, i);
    const before = runner.state() as { model: unknown; points: number; skipped: number };
    const update = runner.feed(1_200_000, value);
    expect(update).toMatchObject({ skipped: reason });
    expect(update).not.toHaveProperty('score');
    expect(update.state).toEqual({ ...before, skipped: before.skipped + 1 });
    expect(runner.feed(Number.NaN, 3)).toMatchObject({ skipped: 'no event time' });
  });

  it('judges a late point without moving time back, and skips one that is too late', () => {
    const runner = runDetector(settings(method, { lateness_seconds: 600 }));
    const series = buildSeries({ seed: 8, points: 288 * 16 });
    for (const one of series) runner.feed(one.at, one.value);
    const { at } = series.at(-1)!;
    const late = runner.feed(at - 600_000 + 1, 100);
    expect(late).not.toHaveProperty('skipped');
    expect(late.state).toMatchObject({ newest: at, points: series.length + 1 });
    const spike = runner.feed(at - 1_000, 130);
    expect(spike.match).toMatchObject({ since: at - 1_000 });
    const tooLate = runner.feed(at - 600_001, 500);
    expect(tooLate).toMatchObject({ skipped: 'more than 10 min late', state: { late: 1 } });
    expect(tooLate).not.toHaveProperty('match');
    expect(runner.feed(at + 300_000, 100).match).toBeUndefined();
  });

  it('refuses bytes it did not write', () => {
    const runner = runDetector(config);
    for (let i = 0; i < 40; i++) runner.feed(i * 60_000, i % 5);
    const bytes = runner.detector.pack(runner.state());
    const broken = Uint8Array.from(bytes);
    broken.set([0xf8, 0x7f], bytes.length - 2);
    for (const wrong of [
      new Uint8Array(0),
      bytes.subarray(0, 8),
      bytes.subarray(0, -1),
      bytes.subarray(0, -8),
      Uint8Array.from([...bytes, ...new Uint8Array(8)]),
      Uint8Array.from([9, ...bytes.subarray(1)]),
      broken,
      bindDetector(settings(method, { ...QUICK[method], field: 'payload.other' })).pack(
        bindDetector(settings(method, QUICK[method])).empty(),
      ),
    ])
      expect(() => runner.detector.unpack(wrong)).toThrow(SyntaxError);
  });

  it('keeps its state when only the threshold and the like change', () => {
    const runner = runDetector(config);
    for (let i = 0; i < 40; i++) runner.feed(i * 60_000, i % 5);
    const stricter = bindDetector(
      settings(method, { ...QUICK[method], threshold: 9, direction: 'above', unit: '%' }),
    );
    expect(stricter.unpack(runner.detector.pack(runner.state()))).toEqual(runner.state());
  });
});

describe('settings', () => {
  it('pack into 4 KB at their largest', () => {
    for (const config of [
      settings('ewma'),
      settings('holt-winters', { season_knots: 168 }),
      settings('seasonal'),
      settings('robust-z', { window_points: 240 }),
    ]) {
      const runner = runDetector(config);
      for (let i = 0; i < 300; i++) runner.feed(i * 60_000, i);
      expect(runner.detector.pack(runner.state()).length).toBeLessThanOrEqual(4_096);
    }
  });

  it.each([
    ['no method', {}],
    ['an unknown method', { method: 'magic' }],
    ['no field', { method: 'ewma', field: undefined }],
    ['a threshold below 1', { method: 'ewma', threshold: 0 }],
    ['an infinite threshold', { method: 'ewma', threshold: Number.POSITIVE_INFINITY }],
    ['a half-life of nothing', { method: 'ewma', half_life_points: 0 }],
    ['more points than a row can hold', { method: 'robust-z', window_points: 241 }],
    ['more knots than a row can hold', { method: 'holt-winters', season_knots: 169 }],
    ['a period of a year', { method: 'holt-winters', period_seconds: 86_400 * 366 }],
    ['an offset beyond the day', { method: 'seasonal', utc_offset_minutes: 1_000 }],
    ['a misspelled setting', { method: 'ewma', half_life: 5 }],
    ["another method's setting", { method: 'ewma', window_points: 50 }],
    ['warming for ever', { method: 'ewma', min_points: 1e9 }],
  ])('with %s are refused', (_name, fields) => {
    const given = { kind: 'statistical', field: 'payload.value', ...fields };
    expect(DetectorConfig.safeParse(given).success).toBe(false);
  });

  it('are asked for paths that events have, and a window that can warm up', () => {
    expect(checkDetector(settings('ewma'))).toEqual([]);
    expect(checkDetector(settings('ewma', { field: 'latency' }))).toMatchObject([
      { path: 'detector.field' },
    ]);
    expect(
      checkDetector(settings('robust-z', { min_points: 100, window_points: 50 })),
    ).toMatchObject([{ path: 'detector.min_points' }]);
  });
});
