import { crosses, inMeasure, measureOf, rankOf } from './aggregate.ts';
import type { ThresholdConfig } from './config.ts';
import type { ExactState } from './state.ts';

/** A window that crosses the limit: its aggregate, its size, and how many of its events are new to a finding. */
export interface Finding {
  aggregate: number;
  count: number;
  occurrences: number;
  since: number;
}

/**
 * Adds one sample and judges every window that contains it: those ending at a sample at or after it
 * and less than a window later. Windows are (end − window, end]. Because each arrival judges all of
 * its windows, what has been counted in the end does not depend on the order of arrival (for
 * aggregates that only grow: count, distinct, sum of values that are not negative, and their rate).
 */
export function insertExact(
  state: ExactState,
  config: ThresholdConfig,
  at: number,
  value: number,
): { state: ExactState; finding?: Finding } {
  const windowMs = config.window_seconds * 1000;
  const newest = Math.max(at, state.times.at(-1) ?? at);
  const from = firstAfter(state.times, newest - 2 * windowMs);
  const times = state.times.slice(from);
  const values = state.values.slice(from);
  const counted = state.counted.slice(from);
  let place = firstAfter(times, at);
  while (place > 0 && times[place - 1] === at && values[place - 1]! > value) place--;
  times.splice(place, 0, at);
  values.splice(place, 0, value);
  counted.splice(place, 0, false);

  let finding: Finding | undefined;
  for (let end = place; end < times.length && times[end]! < at + windowMs; end++) {
    if (times[end + 1] === times[end]) continue;
    const start = firstAfter(times, times[end]! - windowMs);
    const count = end - start + 1;
    const aggregate = aggregateOf(config, values, start, end);
    if (!crosses(config, aggregate, count)) continue;
    let occurrences = finding?.occurrences ?? 0;
    for (let index = start; index <= end; index++)
      if (!counted[index]) {
        counted[index] = true;
        occurrences++;
      }
    const since = Math.min(times[start]!, finding?.since ?? times[start]!);
    finding = { aggregate, count, occurrences, since };
  }
  const next: ExactState = { ...state, times, values, counted };
  return finding !== undefined && finding.occurrences > 0
    ? { state: next, finding }
    : { state: next };
}

/** Index of the first time later than `bound`; times are sorted. */
function firstAfter(times: readonly number[], bound: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! > bound) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Over `values[start…end]`, in sorted order, so that equal windows give equal sums to the last bit. */
function aggregateOf(
  config: ThresholdConfig,
  values: readonly number[],
  start: number,
  end: number,
): number {
  const count = end - start + 1;
  const measure = measureOf(config);
  if (measure === 'count') return inMeasure(config, count);
  if (measure === 'distinct') return new Set(values.slice(start, end + 1)).size;
  if (measure === 'percentile')
    return Float64Array.from(values.slice(start, end + 1)).sort()[rankOf(config, count) - 1]!;
  let sum = 0;
  for (let index = start; index <= end; index++) sum += values[index]!;
  return measure === 'sum' ? inMeasure(config, sum) : sum / count;
}
