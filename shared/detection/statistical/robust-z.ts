import type { RobustZConfig } from './config.ts';
import type { Model } from './model.ts';
import { addDeviation, believedSpread } from './spread.ts';

interface WindowState {
  /** The latest points by time; parallel. Never changed in place. */
  times: readonly number[];
  values: readonly number[];
  /** The same values by size. */
  sorted: readonly number[];
}

const EMPTY: WindowState = { times: [], values: [], sorted: [] };
/** The median absolute deviation of a normal variable is this part of its standard deviation. */
const MAD_SHARE = 0.6745;
/** The median deviation is as sure as a standard deviation of this share of the points. */
const EFFICIENCY = 0.37;
const POINTS_LEAST = 3;

/**
 * Distance from the median of the latest points, measured in median absolute deviations: single
 * outliers move neither. Late points are put where they belong in time. Where more than half of the
 * points are equal that deviation is 0, and the root mean square from the median takes its place.
 */
export function robustZModel(config: RobustZConfig): Model<WindowState> {
  const { window_points, spread_min } = config;
  return {
    shape: [],
    empty: () => EMPTY,
    judge({ sorted }, _at, value) {
      if (sorted.length < POINTS_LEAST) return [];
      const median = middle(sorted);
      const deviation = medianDeviation(sorted, median) / MAD_SHARE;
      const learned = deviation > 0 ? deviation : rootMeanSquare(sorted, median);
      return [
        {
          name: 'value',
          observed: value,
          expected: median,
          spread: believedSpread(learned, median, spread_min),
          freedom: Math.max(1, sorted.length * EFFICIENCY),
        },
      ];
    },
    learn(state, at, value) {
      const { times, values } = state;
      let place = times.length;
      while (place > 0 && times[place - 1]! > at) place--;
      const full = times.length >= window_points;
      // Older than all of a full window: it would be the first to be dropped.
      if (full && place === 0) return state;
      const kept = full ? without(state.sorted, placeIn(state.sorted, values[0]!)) : state.sorted;
      return {
        times: inserted(full ? without(times, 0) : times, full ? place - 1 : place, at),
        values: inserted(full ? without(values, 0) : values, full ? place - 1 : place, value),
        sorted: inserted(kept, placeIn(kept, value), value),
      };
    },
    ready: () => true,
    windowSeconds: ({ times }) =>
      times.length < 2 ? undefined : Math.round((times.at(-1)! - times[0]!) / 1000),
    numbers: ({ times, values }) => [...times, ...values],
    restore(numbers) {
      const count = numbers.length / 2;
      if (!Number.isInteger(count)) return undefined;
      const from = Math.max(0, count - window_points);
      const values = numbers.slice(count + from);
      const sorted = values.toSorted((a, b) => a - b);
      return { times: numbers.slice(from, count), values, sorted };
    },
  };
}

/** The first place whose value is not below. */
function placeIn(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const half = (low + high) >> 1;
    if (sorted[half]! < value) low = half + 1;
    else high = half;
  }
  return low;
}

function without(items: readonly number[], place: number): number[] {
  const rest = items.slice();
  rest.splice(place, 1);
  return rest;
}

function inserted(items: readonly number[], place: number, item: number): number[] {
  const more = items.slice();
  more.splice(place, 0, item);
  return more;
}

function middle(sorted: readonly number[]): number {
  const half = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[half]!;
  return sorted[half - 1]! / 2 + sorted[half]! / 2;
}

/** The median of distances from `centre`: met by walking outward from it, nearest value first. */
function medianDeviation(sorted: readonly number[], centre: number): number {
  let above = placeIn(sorted, centre);
  let below = above - 1;
  let distance = 0;
  for (let met = 0; met <= sorted.length >> 1; met++) {
    const down = below >= 0 ? centre - sorted[below]! : Number.POSITIVE_INFINITY;
    const up = above < sorted.length ? sorted[above]! - centre : Number.POSITIVE_INFINITY;
    if (down <= up) below--;
    else above++;
    distance = Math.min(down, up);
  }
  return distance;
}

function rootMeanSquare(sorted: readonly number[], centre: number): number {
  let root = 0;
  for (const [index, value] of sorted.entries())
    root = addDeviation(root, value - centre, 1 / (index + 1));
  return root;
}
