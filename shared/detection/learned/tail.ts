/** Eight buckets an octave over 2^±10. */
export const TAIL_BUCKETS = 160;
const PER_OCTAVE = 8;
/** A histogram heavier than this is halved: what is old counts less, and a count fits 16 bits. */
const WEIGHT_MAX = 60_000;

/** Several histograms of positive statistics, one behind the other; what none may change is a copy. */
export interface Tails {
  tails: Uint16Array;
  weights: Float64Array;
  peaks: Float64Array;
}

/**
 * −log10 of the share of statistics at least as large, from a histogram with logarithmic buckets; beyond
 * the largest ever met, plus one for each doubling: what was never seen has no rank, but a distance.
 */
export function surpriseOf({ tails, weights, peaks }: Tails, which: number, value: number): number {
  const weight = weights[which]!;
  if (!(value > 0) || weight < 1) return 0;
  const end = (which + 1) * TAIL_BUCKETS;
  let above = 0;
  for (let at = bucketOf(which, value); at < end; at++) above += tails[at]!;
  const surprise = -Math.log10((above + 0.5) / (weight + 1));
  const largest = peaks[which]!;
  const beyond = value > largest && largest > 0 ? Math.log2(value / largest) : 0;
  return Math.max(0, surprise) + beyond;
}

/** The value that a share of the statistics exceeds, interpolated within its bucket; 0 when there is none. */
export function quantileOf({ tails, weights }: Tails, which: number, share: number): number {
  const target = share * weights[which]!;
  const start = which * TAIL_BUCKETS;
  let above = 0;
  for (let at = start + TAIL_BUCKETS - 1; at >= start; at--) {
    const own = tails[at]!;
    above += own;
    if (own === 0 || above < target) continue;
    return (
      2 ** ((at - start + (above - target) / own) / PER_OCTAVE - TAIL_BUCKETS / 2 / PER_OCTAVE)
    );
  }
  return 0;
}

/** Counts a statistic, changing the histogram in place. */
export function learnTail(state: Tails, which: number, value: number, weight: number): void {
  const { tails, weights, peaks } = state;
  weights[which]! += weight;
  if (value > 0) {
    tails[bucketOf(which, value)]! += weight;
    if (value > peaks[which]!) peaks[which] = value;
  }
  if (weights[which]! <= WEIGHT_MAX) return;
  const start = which * TAIL_BUCKETS;
  weights[which] = Math.floor(weights[which]! / 2);
  for (let at = start; at < start + TAIL_BUCKETS; at++) tails[at] = Math.ceil(tails[at]! / 2);
}

function bucketOf(which: number, value: number): number {
  const bucket = Math.floor(Math.log2(value) * PER_OCTAVE) + TAIL_BUCKETS / 2;
  return which * TAIL_BUCKETS + Math.max(0, Math.min(TAIL_BUCKETS - 1, bucket));
}
