import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Explanation } from '#shared/alert/schema.ts';
import type { Update } from '#shared/detection/detector.ts';
import type { DetectorConfig } from '#shared/detection/kinds.ts';
import { bindDetector, describeDetector } from '#shared/detection/registry.ts';

import { foldOnce, FoldRows, pointOf } from './fold-rows.ts';

const PACKED_BYTES_MAX = 4096;
const BASE = Date.parse('2026-03-01T00:00:00.000Z');

/** What a producer may put where a kind expects something else. */
const HOSTILE = fc.constantFrom<unknown[]>(
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -0,
  1e308,
  2 ** 53 + 2,
  '',
  '\ud800',
  null,
  undefined,
  true,
  {},
  { constructor: 1 },
  [],
  [[]],
  [-1, 99, 0.5, '0'],
);

/**
 * What every kind of detector owes the fold (`shared/detection/detector.ts`), whatever it finds. `value`
 * draws what `Point.value` holds of the events the kind is meant for; `stepMs` is the most time between
 * two of them.
 */
export function detectorContract(
  config: DetectorConfig,
  value: fc.Arbitrary<unknown>,
  stepMs: number,
): void {
  const detector = bindDetector(config);
  const given = fc.record({
    step: fc.nat(stepMs),
    late: fc.oneof(
      { weight: 4, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.nat(stepMs) },
    ),
    value: fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: HOSTILE }),
  });
  const stream = (length: number) =>
    fc.array(given, { minLength: 1, maxLength: length, size: 'max' }).map((steps) => {
      let at = 0;
      return steps.map((item, index) => {
        at += item.step;
        return pointOf(index, index, Math.max(0, at - item.late), item.value);
      });
    });

  describe(`the contract of a detector: ${describeDetector(config)}`, () => {
    it('folds without changing the state it was given', () => {
      fc.assert(
        fc.property(stream(40), (points) => {
          let state = detector.empty();
          for (const { point } of points) {
            const before = detector.pack(state);
            const once = detector.update(state, point);
            const again = detector.update(state, point);
            detector.elapse?.(state, point.at + stepMs);
            expect(detector.pack(state)).toEqual(before);
            expect(again).toEqual(once);
            ({ state } = once);
          }
        }),
      );
    });

    it('behaves the same after every reload, and packs within 4 KB', () => {
      fc.assert(
        fc.property(stream(320), (points) => {
          let kept = detector.empty();
          let reloaded = detector.empty();
          for (const { point } of points) {
            const update = detector.update(kept, point);
            const other = detector.update(reloaded, point);
            expect(told(other)).toEqual(told(update));
            const bytes = detector.pack(update.state);
            expect(bytes.length).toBeLessThanOrEqual(PACKED_BYTES_MAX);
            expect(Buffer.compare(detector.pack(other.state), bytes)).toBe(0);
            kept = update.state;
            reloaded = detector.unpack(bytes);
          }
        }),
        { numRuns: 8 },
      );
    });

    it('says of every finding how many events it adds, since when, and why', () => {
      fc.assert(
        fc.property(stream(60), (points) => {
          let state = detector.empty();
          for (const { point } of points) {
            const update = detector.update(state, point);
            state = update.state;
            if (update.score !== undefined) expect(update.score).toBeGreaterThanOrEqual(0);
            if (update.skipped !== undefined) expect(update.skipped).not.toBe('');
            if (update.match === undefined) continue;
            const { occurrences, since, explain } = update.match;
            expect(occurrences).toBeGreaterThanOrEqual(1);
            expect(Number.isInteger(occurrences)).toBe(true);
            expect(Number.isFinite(since)).toBe(true);
            expect(Explanation.parse(explain)).toEqual(explain);
            expect(explain.detector).toBe(config.kind);
          }
        }),
      );
    });

    it('gives the same rows for any cut into batches with any batch brought again', () => {
      fc.assert(
        fc.property(stream(40), fc.infiniteStream(fc.nat(6)), (points, chance) => {
          const rows = new FoldRows(config);
          for (let from = 0; from < points.length;) {
            const size = 1 + chance.next().value!;
            const again = chance.next().value!;
            rows.take(points.slice(from, from + size));
            if (again > 2) rows.take(points.slice(Math.max(0, from - again), from + size));
            from += size;
          }
          expect(rows.final()).toEqual(foldOnce(config, points).final());
        }),
      );
    });

    it('refuses bytes cut short or too long as not its own', () => {
      fc.assert(
        fc.property(stream(20), (points) => {
          let state = detector.empty();
          for (const { point } of points) ({ state } = detector.update(state, point));
          const bytes = detector.pack(state);
          for (let length = 0; length < bytes.length; length++)
            expect(() => detector.unpack(bytes.slice(0, length))).toThrow(SyntaxError);
          expect(() => detector.unpack(new Uint8Array([...bytes, 0]))).toThrow(SyntaxError);
        }),
        { numRuns: 20 },
      );
    });

    if (detector.dueAt === undefined) return;
    it('is not due again at once when it was judged', () => {
      fc.assert(
        fc.property(stream(40), (points) => {
          let state = detector.empty();
          for (const { point } of points) ({ state } = detector.update(state, point));
          for (let times = 0; times < points.length + 1; times++) {
            const due = detector.dueAt!(state);
            if (due === undefined) return;
            expect(due).toBeGreaterThan(BASE);
            ({ state } = detector.elapse!(state, due));
            expect(detector.dueAt!(state) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(due);
          }
          expect(detector.dueAt!(state)).toBeUndefined();
        }),
      );
    });
  });
}

function told({
  match,
  skipped,
  recovered,
  score,
}: Update<unknown>): Omit<Update<unknown>, 'state'> {
  return { match, skipped, recovered, score };
}
