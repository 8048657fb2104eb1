import { TAIL_BUCKETS } from './tail.ts';

/** Half-hours of a day. */
export const KNOTS = 48;
/** Tails kept: four of novelty and the one of strength. */
export const TAILS = 5;
/** Points of experience a knot counts at most. */
export const SEEN_MAX = 255;

/** Means, spreads and records of a series; times in ms, everything else in the metric's own unit or in points. */
export interface Figures {
  /** Points taken as measurements. */
  points: number;
  firstAt: number;
  lastAt: number;
  /** Usual time between points. */
  intervalMs: number;
  /** What the values are: 0 not known yet, 1 totals of a counter, judged as rates per second, 2 measurements. */
  nature: number;
  /** Steps up, down and none, by which a counter is told; the last value and its time. */
  ups: number;
  downs: number;
  stays: number;
  total: number;
  totalAt: number;
  late: number;
  skipped: number;
  /** Strength: level, memory of the residual, mean distances. */
  level: number;
  magnitude: number;
  rest: number;
  restProduct: number;
  restSquare: number;
  shortRest: number;
  stepSpread: number;
  restSpread: number;
  shortSpread: number;
  /** Novelty: mean and variance of everything, records, spreads of steps, means. */
  mean: number;
  variance: number;
  hourSquare: number;
  largest: number;
  smallest: number;
  former: number;
  stepShort: number;
  stepLong: number;
  unrestLargest: number;
  unrestSmallest: number;
  shortMean: number;
  longMean: number;
  /** Habit: episodes of great strength per point. */
  episodeRate: number;
}

export interface LearnedState {
  figures: Readonly<Figures>;
  /** The usual residual by half-hour: 48 of weekdays, 48 of weekends, 48 novelty is measured against. */
  knots: Float64Array;
  /** Points each knot has seen, at most SEEN_MAX. */
  seen: Uint8Array;
  /** Histograms of the tails, one behind the other. */
  tails: Uint16Array;
  /** Weight of each histogram. */
  weights: Float64Array;
  /** Largest statistic each tail has met. */
  peaks: Float64Array;
  /** Peaks of scores and the points since: of those told, and of those strength alone would tell. */
  held: Float64Array;
}

const START: Figures = {
  points: 0,
  firstAt: 0,
  lastAt: 0,
  intervalMs: 0,
  nature: 0,
  ups: 0,
  downs: 0,
  stays: 0,
  total: 0,
  totalAt: 0,
  late: 0,
  skipped: 0,
  level: 0,
  magnitude: 0,
  rest: 0,
  restProduct: 0,
  restSquare: 0,
  shortRest: 0,
  stepSpread: 0,
  restSpread: 0,
  shortSpread: 0,
  mean: 0,
  variance: 0,
  hourSquare: 0,
  largest: 0,
  smallest: 0,
  former: 0,
  stepShort: 0,
  stepLong: 0,
  unrestLargest: Number.NEGATIVE_INFINITY,
  unrestSmallest: Number.POSITIVE_INFINITY,
  shortMean: 0,
  longMean: 0,
  episodeRate: 0,
};

/** The order in which figures are packed. */
export const FIGURE_NAMES = Object.keys(START) as (keyof Figures)[];

/** A state that `judgeValue` may change. */
export interface Draft extends LearnedState {
  figures: Figures;
}

export function emptyState(): Draft {
  return {
    figures: { ...START },
    knots: new Float64Array(3 * KNOTS),
    seen: new Uint8Array(3 * KNOTS),
    tails: new Uint16Array(TAILS * TAIL_BUCKETS),
    weights: new Float64Array(TAILS),
    peaks: new Float64Array(TAILS),
    held: new Float64Array(4),
  };
}

/** A copy of its own: about 5 KB, well under a microsecond. */
export function copyState(state: LearnedState): Draft {
  return {
    figures: { ...state.figures },
    knots: state.knots.slice(),
    seen: state.seen.slice(),
    tails: state.tails.slice(),
    weights: state.weights.slice(),
    peaks: state.peaks.slice(),
    held: state.held.slice(),
  };
}
