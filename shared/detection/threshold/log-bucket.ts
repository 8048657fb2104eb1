/** A value told by its bucket is wrong by at most this part of itself. */
export const RELATIVE_ERROR = 0.02;

const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GAMMA = Math.log(GAMMA);
/** Nearer to 0 than this is 0. */
const SMALLEST = 1e-300;
/** Makes the bucket of every magnitude positive, so that its sign can be the value's. */
const OFFSET = 1 - Math.ceil(Math.log(SMALLEST) / LOG_GAMMA);

/**
 * The bucket of a finite value; buckets sort as their values do. Bucket i holds magnitudes in
 * (γ^(i−1), γ^i]. Source: Masson, Rim, Lee, "DDSketch" (VLDB 2019).
 */
export function bucketOf(value: number): number {
  const magnitude = Math.abs(value);
  if (magnitude < SMALLEST) return 0;
  return Math.sign(value) * (Math.ceil(Math.log(magnitude) / LOG_GAMMA) + OFFSET);
}

/** The value that stands for a bucket, within RELATIVE_ERROR of all in it. */
export function valueOf(bucket: number): number {
  if (bucket === 0) return 0;
  const exponent = Math.abs(bucket) - OFFSET;
  const magnitude = (2 / (1 + GAMMA)) * Math.exp(exponent * LOG_GAMMA);
  return Math.sign(bucket) * Math.min(magnitude, Number.MAX_VALUE);
}
