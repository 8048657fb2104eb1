import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { DetectorConfig } from '#shared/detection/kinds.ts';
import { buildSeries } from '#shared/testing/build-series.ts';
import { runDetector } from '#shared/testing/run-detector.ts';

const CONFIG = DetectorConfig.parse({ kind: 'learned', field: 'payload.value' });
const BYTES_MAX = 4_096;

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
    fc.constantFrom(1e300, -1e99, 1e99, 5e-324, -0, 0, 1e-17),
    fc.constantFrom(null, '12', undefined, true, {}),
  ),
});
/** Long enough to leave the silent points and to be taken for a counter. */
const anySequence = fc.array(anyStep, { minLength: 40, maxLength: 200, size: 'max' });

it('behaves after a reload exactly as before, on any sequence, and never changes the state it was given', () => {
  fc.assert(
    fc.property(anySequence, (steps) => {
      const kept = runDetector(CONFIG);
      const { detector } = kept;
      let reloaded = detector.empty();
      let at = Date.UTC(2026, 0, 9);
      for (const { step, value } of steps) {
        at += step;
        const given = kept.state();
        const before = detector.pack(given);
        const direct = kept.feed(at, value);
        expect(detector.pack(given)).toEqual(before);
        expect(before.length).toBeLessThanOrEqual(BYTES_MAX);
        const point = { event_id: 'e', at, stated_at: at, value };
        const again = detector.update(detector.unpack(detector.pack(reloaded)), point);
        reloaded = again.state;
        expect({ ...again, state: 0 }).toEqual({ ...direct, state: 0 });
        expect(detector.pack(reloaded)).toEqual(detector.pack(kept.state()));
      }
    }),
    { numRuns: 12 },
  );
});

it('gives finite scores and explanations on any sequence', () => {
  fc.assert(
    fc.property(anySequence, (steps) => {
      const runner = runDetector(CONFIG);
      let at = Date.UTC(2026, 0, 9);
      for (const { step, value } of steps) {
        at += step;
        const { score, match, skipped } = runner.feed(at, value);
        if (skipped === undefined) expect(Number.isFinite(score) && score! >= 0).toBe(true);
        expect(JSON.stringify(match ?? {})).not.toMatch(/NaN|Infinity|null/);
      }
    }),
    { numRuns: 30 },
  );
});

it('never packs into more than 4 KB, whatever it has met', () => {
  const runner = runDetector(CONFIG);
  for (let nth = 0; nth < 8_000; nth++)
    runner.feed(
      nth * 60_000,
      2 ** (((nth * 7919) % 400) / 20 - 10) * ((nth % 2) * 2 - 1) * (nth % 97),
    );
  expect(runner.detector.pack(runner.state()).length).toBeLessThanOrEqual(BYTES_MAX);
});

it('is as good with numbers of any size', () => {
  const series = buildSeries({ seed: 7, points: 288 * 16 });
  const at = series.at(-1)!.at + 300_000;
  const scores = [2 ** -30, 1, 2 ** 46, 2 ** 300].map((scale) => {
    const runner = runDetector(CONFIG);
    for (const one of series) runner.feed(one.at, one.value * scale);
    return runner.feed(at, 115 * scale).score;
  });
  expect(scores[0]).toBeGreaterThan(6);
  for (const score of scores) expect(score).toBeCloseTo(scores[0]!, 6);
});

it('finds nothing in a constant, nor in the noise of its arithmetic, and a change of it at once', () => {
  for (const constant of [0, 0.3, -7e-5, 1e12, 1e99]) {
    const runner = runDetector(CONFIG);
    for (let nth = 0; nth < 288 * 8; nth++)
      runner.feed(nth * 300_000, constant + (nth % 97 === 0 ? 3e-16 * Math.abs(constant) : 0));
    expect(runner.updates.some(({ match }) => match)).toBe(false);
    expect(runner.feed(288 * 8 * 300_000, constant === 0 ? 1 : constant * 2).match).toBeDefined();
  }
});

it.each([
  ['text', '12', 'payload.value is not a number'],
  ['nothing', undefined, 'payload.value is not a number'],
  ['NaN', Number.NaN, 'payload.value is not finite'],
  ['infinity', Number.NEGATIVE_INFINITY, 'payload.value is not finite'],
  ['1e400 as JSON reads it', JSON.parse('1e400') as number, 'payload.value is not finite'],
  ['1e101', -1e101, 'payload.value is beyond ±1e100'],
])('skips %s and says why, learning nothing', (_name, value, reason) => {
  const runner = runDetector(CONFIG);
  for (let nth = 0; nth < 20; nth++) runner.feed(nth * 60_000, nth % 3);
  const before = runner.state() as { figures: { skipped: number } };
  const update = runner.feed(1_200_000, value);
  expect(update).toMatchObject({ skipped: reason });
  expect(update).not.toHaveProperty('score');
  expect(update.state).toEqual({
    ...before,
    figures: { ...before.figures, skipped: before.figures.skipped + 1 },
  });
});

it('refuses bytes of another field, another format, cut short or too long', () => {
  const runner = runDetector(CONFIG);
  for (let nth = 0; nth < 500; nth++) runner.feed(nth * 60_000, Math.sin(nth));
  const { detector } = runner;
  const bytes = detector.pack(runner.state());
  const other = runDetector(DetectorConfig.parse({ kind: 'learned', field: 'payload.other' }));
  expect(() => other.detector.unpack(bytes)).toThrow(SyntaxError);
  expect(() => detector.unpack(bytes.with(0, 9))).toThrow(SyntaxError);
  expect(() => detector.unpack(bytes.subarray(0, -1))).toThrow(SyntaxError);
  expect(() => detector.unpack(Uint8Array.from([...bytes, 0]))).toThrow(SyntaxError);
});
