import type { LabelledSeries, Scores } from './labelled-series.ts';

/** What a hit, a miss and a false alert are worth. */
export interface Profile {
  name: string;
  tpWeight: number;
  fnWeight: number;
  fpWeight: number;
}

export const PROFILES: readonly Profile[] = [
  { name: 'standard', tpWeight: 1, fnWeight: 1, fpWeight: 0.11 },
  { name: 'reward_low_FP_rate', tpWeight: 1, fnWeight: 1, fpWeight: 0.22 },
  { name: 'reward_low_FN_rate', tpWeight: 1, fnWeight: 2, fpWeight: 0.11 },
];

/** A corpus score: 0 is a detector that never fires, 100 one that fires only at the start of every window. */
export interface CorpusScore {
  score: number;
  threshold: number;
}

/** No window: the point is before the end of the probation, or outside all windows. */
const PROBATION = -2;
const OUTSIDE = -1;

/** What an alert at each point is worth before weights, and to which window it belongs. */
interface Positions {
  values: Float64Array;
  windows: Int32Array;
  windowCount: number;
}

/** Points at the start of a series that count for nothing: 15 % of it, at most 750. */
export function probationOf(length: number): number {
  return Math.min(Math.floor(0.15 * length), 750);
}

/**
 * Scores a detector over a corpus as the Numenta Anomaly Benchmark does (Lavin and Ahmad, 2015): of
 * each window the best alert counts, the earlier the more; each alert outside counts against, the
 * less the closer behind a window. Without a threshold it is the best for the whole corpus.
 */
export function scoreCorpus(
  corpus: readonly LabelledSeries[],
  scores: readonly Scores[],
  profile: Profile,
  threshold?: number,
): CorpusScore {
  const points = orderPoints(corpus, scores);
  return scoreOrdered(points, profile, threshold);
}

/** A corpus' points from the highest score to the lowest, so that several profiles share one sort. */
export interface OrderedPoints {
  scores: Float64Array;
  values: Float64Array;
  windows: Int32Array;
  windowCount: number;
}

/** Flattens and sorts a corpus; points under probation are left out. Throws RangeError on unequal lengths. */
export function orderPoints(
  corpus: readonly LabelledSeries[],
  scores: readonly Scores[],
): OrderedPoints {
  const flat: { score: number; value: number; window: number }[] = [];
  let windowCount = 0;
  for (const [index, series] of corpus.entries()) {
    const own = scores[index];
    if (own?.length !== series.values.length)
      throw new RangeError(`${series.name} has ${series.values.length} points, not ${own?.length}`);
    const positions = positionsOf(series);
    for (let at = probationOf(own.length); at < own.length; at++) {
      const window = positions.windows[at]!;
      flat.push({
        score: own[at]!,
        value: positions.values[at]!,
        window: window < 0 ? window : window + windowCount,
      });
    }
    windowCount += positions.windowCount;
  }
  flat.sort((a, b) => b.score - a.score);
  return {
    scores: Float64Array.from(flat, ({ score }) => score),
    values: Float64Array.from(flat, ({ value }) => value),
    windows: Int32Array.from(flat, ({ window }) => window),
    windowCount,
  };
}

/** The corpus score at a threshold (alerts are points at or above it), or at the best one. */
export function scoreOrdered(
  points: OrderedPoints,
  { tpWeight, fnWeight, fpWeight }: Profile,
  threshold?: number,
): CorpusScore {
  const best = new Float64Array(points.windowCount).fill(-fnWeight);
  const miss = -fnWeight * points.windowCount;
  const perfect = tpWeight * points.windowCount;
  let total = miss;
  let top = { score: miss, threshold: Number.POSITIVE_INFINITY };
  for (let at = 0; at < points.scores.length; at++) {
    const score = points.scores[at]!;
    if (threshold !== undefined && score < threshold) break;
    const window = points.windows[at]!;
    if (window === OUTSIDE) total += points.values[at]! * fpWeight;
    else {
      const worth = (points.values[at]! * tpWeight) / MOST;
      if (worth > best[window]!) {
        total += worth - best[window]!;
        best[window] = worth;
      }
    }
    const last = at + 1 === points.scores.length || points.scores[at + 1] !== score;
    if (threshold === undefined && last && total > top.score)
      top = { score: total, threshold: score };
  }
  const reached = threshold === undefined ? top : { score: total, threshold };
  return { ...reached, score: (100 * (reached.score - miss)) / (perfect - miss) };
}

function scaledSigmoid(position: number): number {
  return position > 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
}

const MOST = scaledSigmoid(-1);

/** Windows that end within the probation keep their number: they can only be missed by name, never scored. */
function positionsOf({ values: { length }, windows }: LabelledSeries): Positions {
  const probation = probationOf(length);
  const positions: Positions = {
    values: new Float64Array(length),
    windows: new Int32Array(length).fill(OUTSIDE),
    windowCount: 0,
  };
  let next = 0;
  let past: readonly [number, number] | undefined;
  for (let at = 0; at < length; at++) {
    const current = windows[next];
    if (current === undefined || at < current[0]) {
      positions.values[at] =
        past === undefined ? -1 : scaledSigmoid((at - past[1]) / (past[1] - past[0]));
    } else {
      const [first, last] = current;
      positions.values[at] = scaledSigmoid(-(last - at + 1) / (last - first + 1));
      positions.windows[at] = positions.windowCount;
      if (at === last) {
        past = current;
        next++;
        // A window the probation swallowed whole is not missed, as it could not be hit.
        if (last >= probation) positions.windowCount++;
      }
    }
    if (at < probation) positions.windows[at] = PROBATION;
  }
  return positions;
}
