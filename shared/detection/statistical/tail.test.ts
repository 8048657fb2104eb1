import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { deviationOf, normalDeviation, tailScore } from './tail.ts';

describe('scores', () => {
  it.each([
    // z, −log10 of the two-sided normal tail, from published tables of the normal distribution
    [0, 0],
    [1, 0.498515],
    [1.959964, 1.30103],
    [2.575829, 2],
    [3.290527, 3],
    [4.891638, 6],
    [6.10941, 9],
  ])('z = %f scores %f', (z, score) => {
    expect(tailScore(z, 2)).toBeCloseTo(score, 5);
  });

  it('one side is half as likely', () => {
    expect(tailScore(3, 1) - tailScore(3, 2)).toBeCloseTo(Math.log10(2), 12);
    expect(tailScore(0, 1)).toBeCloseTo(Math.log10(2), 12);
  });

  it('far out are finite and follow z² / 2 ln 10', () => {
    expect(tailScore(40, 2)).toBeCloseTo(349.136, 3);
    expect(tailScore(1e5, 2) / (1e10 / 2 / Math.LN10)).toBeCloseTo(1, 6);
  });

  it('meet without a step where the series ends and the fraction begins', () => {
    expect(tailScore(2, 2) - tailScore(2 - 1e-9, 2)).toBeLessThan(2e-9);
    expect(tailScore(2, 2)).toBeGreaterThan(tailScore(2 - 1e-9, 2));
  });

  it('never fall as the deviation grows', () => {
    const size = fc.double({ min: 0, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(size, size, (a, b) => {
        expect(tailScore(Math.max(a, b), 2)).toBeGreaterThanOrEqual(
          tailScore(Math.min(a, b), 2) - 1e-9,
        );
      }),
    );
  });
});

describe('a spread learned of few points', () => {
  it.each([
    // t and freedom of Student's t, and the normal deviate of the same tail
    [2.228139, 10, 1.959964],
    [3.169273, 10, 2.575829],
    [2.042272, 30, 1.959964],
    [5.959, 30, 4.802922],
  ])('t = %f of %d points is as rare as z = %f', (t, freedom, z) => {
    expect(Math.abs(normalDeviation(t, freedom) / z - 1)).toBeLessThan(0.01);
  });

  it('is believed like any when taught by many', () => {
    expect(normalDeviation(5, 1e9)).toBeCloseTo(5, 6);
  });

  it('keeps any deviation finite', () => {
    const t = deviationOf({ observed: -1e300, expected: 1e300, spread: 1e-12 });
    expect(t).toBe(-1e150);
    expect(Number.isFinite(tailScore(normalDeviation(t, 1e6), 2))).toBe(true);
  });
});
