import { type Draft, KNOTS, SEEN_MAX } from './state.ts';
import { learnTail, surpriseOf } from './tail.ts';
import { TINY, type Tuning } from './tuning.ts';

const DAY_MS = 86_400_000;
/** Where the daily profile of novelty starts among the knots. */
const HOURS = 2 * KNOTS;

/** How unlike everything so far a point is: −log10 of four shares, each of the series' own past. */
export interface Novelty {
  hour: number;
  record: number;
  unrest: number;
  drift: number;
  /** Their weighted sum. */
  total: number;
}

/**
 * Ranks four statistics of a point in their own past, then learns them unclipped: the distance to the
 * usual value of this half-hour, how far beyond every former value it is, how far the spread of recent
 * steps is beyond every former one, and how far the short mean is from the long.
 */
export function measureNovelty(
  state: Draft,
  at: number,
  value: number,
  tuning: Tuning,
  fresh: boolean,
): Novelty {
  const { figures, knots, seen } = state;
  const { points } = figures;
  const rate = (least: number) => Math.max(least, 1 / points);
  const over = (most: number) => 1 / Math.min(points, most);
  const scale = Math.sqrt(figures.variance) + tuning.noiseFloor * Math.abs(figures.mean) + TINY;

  const knot =
    HOURS + Math.min(KNOTS - 1, Math.floor((at / DAY_MS - Math.floor(at / DAY_MS)) * KNOTS));
  const offset = value - (seen[knot]! > 0 ? knots[knot]! : figures.mean);
  const hour =
    Math.abs(offset) / (Math.sqrt(figures.hourSquare) + tuning.noiseFloor * scale + TINY);

  const record = Math.max(value - figures.largest, figures.smallest - value, 0) / scale;

  if (!fresh) {
    const square = (value - figures.former) ** 2;
    figures.stepShort += over(tuning.stepShortPoints) * (square - figures.stepShort);
    figures.stepLong += over(tuning.stepLongPoints) * (square - figures.stepLong);
  }
  const floor = (tuning.noiseFloor * scale) ** 2 + TINY;
  const ratio = Math.log2((figures.stepShort + floor) / (figures.stepLong + floor));
  const restless = points > 3 * tuning.stepShortPoints;
  const unrest =
    restless && figures.unrestLargest > Number.NEGATIVE_INFINITY
      ? Math.max(ratio - figures.unrestLargest, figures.unrestSmallest - ratio, 0)
      : 0;

  if (fresh) figures.shortMean = figures.longMean;
  figures.shortMean += over(tuning.shortPoints) * (value - figures.shortMean);
  figures.longMean += over(tuning.longPoints) * (value - figures.longMean);
  const drift = Math.abs(figures.shortMean - figures.longMean) / scale;

  const statistics = [hour, record, unrest, drift] as const;
  const surprises = statistics.map(
    (statistic, which) => tuning.tailWeights[which]! * surpriseOf(state, which, statistic),
  );

  if (points > tuning.tailStart)
    for (const [which, statistic] of statistics.entries()) learnTail(state, which, statistic, 1);
  figures.largest = Math.max(figures.largest, value);
  figures.smallest = Math.min(figures.smallest, value);
  if (restless) {
    figures.unrestLargest = Math.max(figures.unrestLargest, ratio);
    figures.unrestSmallest = Math.min(figures.unrestSmallest, ratio);
  }
  const pull = rate(tuning.meanRate);
  const off = value - figures.mean;
  figures.mean += pull * off;
  figures.variance = (1 - pull) * (figures.variance + pull * off * off);
  if (seen[knot] === 0) knots[knot] = value;
  if (seen[knot]! < SEEN_MAX) seen[knot]!++;
  knots[knot]! += Math.max(tuning.hourRate, 1 / seen[knot]!) * (value - knots[knot]!);
  figures.hourSquare += rate(tuning.hourSpreadRate) * (offset * offset - figures.hourSquare);
  figures.former = value;
  const [first, second, third, fourth] = surprises as [number, number, number, number];
  return {
    hour: first,
    record: second,
    unrest: third,
    drift: fourth,
    total: first + second + third + fourth,
  };
}
