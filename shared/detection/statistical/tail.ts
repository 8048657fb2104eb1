const LN_SQRT_2PI = 0.5 * Math.log(2 * Math.PI);
/** Beyond this a square would overflow; no one asks how much further off a value is. */
const DEVIATION_MAX = 1e150;
/** Depth of the continued fraction; from z = 2 on it is exact to the last digits of a double. */
const FRACTION_DEPTH = 40;

/**
 * −log10 of the chance that a normal variable is `z` (≥ 0) or more above its mean (`sides` 1), or that
 * far off on either side (2). Worked in logarithms, so that z = 1e5 has a finite score too.
 * Series for small z, Laplace's continued fraction of the Mills ratio beyond (Abramowitz & Stegun,
 * 26.2.11 and 26.2.14).
 */
export function tailScore(z: number, sides: 1 | 2): number {
  const lnTail = z < 2 ? Math.log(0.5 - centre(z)) : lnFarTail(z);
  return Math.max(0, -(lnTail + Math.log(sides)) / Math.LN10);
}

/** The chance of lying between the mean and `z`. */
function centre(z: number): number {
  let term = z;
  let sum = z;
  for (let odd = 3; term > sum * 1e-17; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return sum * Math.exp(-0.5 * z * z - LN_SQRT_2PI);
}

function lnFarTail(z: number): number {
  let fraction = z;
  for (let k = FRACTION_DEPTH; k >= 1; k--) fraction = z + k / fraction;
  return -0.5 * z * z - LN_SQRT_2PI - Math.log(fraction);
}

/** How many spreads `observed` lies above what was expected; at most 1e150 either way. */
export function deviationOf(statistic: {
  observed: number;
  expected: number;
  spread: number;
}): number {
  const { observed, expected, spread } = statistic;
  const deviation = (observed - expected) / spread;
  return Math.max(-DEVIATION_MAX, Math.min(DEVIATION_MAX, deviation));
}

/**
 * The normal deviation as rare as one of `t` spreads, where the spread itself was learned of
 * `freedom` points only (Wallace 1959, Student's t): what few points taught is believed less.
 */
export function normalDeviation(t: number, freedom: number): number {
  const bend = Math.sqrt(freedom * Math.log1p((t * t) / freedom));
  return (bend * (8 * freedom + 1)) / (8 * freedom + 3);
}
