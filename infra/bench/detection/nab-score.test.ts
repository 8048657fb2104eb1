import { describe, expect, it } from 'vitest';

import type { LabelledSeries } from './labelled-series.ts';
import { probationOf, PROFILES, scoreCorpus } from './nab-score.ts';

const [STANDARD, LOW_FP, LOW_FN] = PROFILES as [
  (typeof PROFILES)[number],
  (typeof PROFILES)[number],
  (typeof PROFILES)[number],
];

/** A hundred points with windows at 40–49 and 70–79; 15 are probation. */
function series(windows: LabelledSeries['windows'] = WINDOWS): LabelledSeries {
  return {
    name: 'own',
    times: Float64Array.from({ length: 100 }, (_, index) => index * 60_000),
    values: new Float64Array(100),
    windows,
  };
}

const WINDOWS: LabelledSeries['windows'] = [
  [40, 49],
  [70, 79],
];

/** Scores that are 1 at the points named and 0 elsewhere. */
function firing(...points: number[]): Float64Array {
  return Float64Array.from({ length: 100 }, (_, index) => Number(points.includes(index)));
}

function scoreOf(points: number[], profile = STANDARD): number {
  return scoreCorpus([series()], [firing(...points)], profile, 0.5).score;
}

describe('the score of a corpus', () => {
  it('is 0 for a detector that never fires and 100 for one that fires at the start of every window', () => {
    for (const profile of PROFILES) {
      expect(scoreOf([], profile)).toBe(0);
      expect(scoreOf([40, 70], profile)).toBeCloseTo(100, 12);
    }
  });

  it('pays less the later in a window the alert is, and once for each window', () => {
    const early = scoreOf([40]);
    expect(early).toBeCloseTo(50, 12);
    expect(scoreOf([45])).toBeLessThan(early);
    expect(scoreOf([49])).toBeLessThan(scoreOf([45]));
    expect(scoreOf([40, 43, 49])).toBe(early);
  });

  it('costs a false alert before any window its full weight, and one close behind a window less', () => {
    // Misses are worth −1 each of two windows, so a weight of 0.11 is 0.11 of 4 halves of the way up.
    expect(scoreOf([20])).toBeCloseTo((-100 * 0.11) / 4, 12);
    expect(scoreOf([20], LOW_FP)).toBeCloseTo((-100 * 0.22) / 4, 12);
    expect(scoreOf([51])).toBeGreaterThan(scoreOf([60]));
    expect(scoreOf([60])).toBeGreaterThan(scoreOf([20]));
  });

  it('weighs a miss double where misses are dear', () => {
    expect(scoreOf([20], LOW_FN)).toBeCloseTo((-100 * 0.11) / 6, 12);
  });

  it('counts nothing within the probation, and no window that ends in it', () => {
    expect(scoreOf([3, 9, 14])).toBe(0);
    const early: LabelledSeries = series([[2, 10], ...WINDOWS]);
    expect(scoreCorpus([early], [firing(40, 70)], STANDARD, 0.5).score).toBeCloseTo(100, 12);
  });

  it('finds the threshold that is best for the whole corpus', () => {
    const scores = [firing(40), firing(20, 40)];
    scores[0]![40] = 0.9;
    scores[1]![20] = 0.4;
    scores[1]![40] = 0.8;
    const found = scoreCorpus([series(), series()], scores, STANDARD);
    expect(found).toMatchObject({ threshold: 0.8 });
    expect(found.score).toBeCloseTo(50, 12);
  });

  it('refuses scores of another length', () => {
    expect(() => scoreCorpus([series()], [new Float64Array(3)], STANDARD)).toThrow(RangeError);
  });
});

it('leaves out 15 % of a series at its start, 750 points at most', () => {
  expect([10, 100, 5_000, 20_000].map(probationOf)).toEqual([1, 15, 750, 750]);
});
