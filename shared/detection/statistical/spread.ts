/** A spread is never believed below this share of the level: floats and near-constants jitter. */
const NOISE_SHARE = 1e-3;
const SPREAD_LEAST = 1e-12;
/** No state grows beyond this, so that differences and sums stay finite. */
const BOUND = 1e305;

/** The largest magnitude a value may have to be judged. */
export const VALUE_MAX = 1e300;

/** The spread to judge by: what was learned, the rule's least, or the noise floor of the level. */
export function believedSpread(learned: number, level: number, least: number): number {
  return Math.max(learned, least, Math.abs(level) * NOISE_SHARE, SPREAD_LEAST);
}

/**
 * Root of the mean square of past deviations, with a new one of weight `gain` (0 … 1). Scaled by the
 * larger of the two, so that 1e300 does not overflow.
 */
export function addDeviation(spread: number, deviation: number, gain: number): number {
  const size = Math.abs(deviation);
  const scale = Math.max(spread, size);
  if (scale === 0) return 0;
  const old = spread / scale;
  const now = size / scale;
  return scale * Math.sqrt((1 - gain) * old * old + gain * now * now);
}

/** What is left of a weight of 1 after `elapsed` of the unit `halfLife` is in. */
export function fading(elapsed: number, halfLife: number): number {
  return 2 ** (-elapsed / halfLife);
}

export function bounded(value: number): number {
  return Math.max(-BOUND, Math.min(BOUND, value));
}
