import type { Chance } from '#infra/simulator/random.ts';

import type { LabelledSeries } from './labelled-series.ts';

/** A series while it is drawn. */
export interface Draft {
  times: number[];
  values: number[];
  windows: [first: number, last: number][];
}

/** A draw of the standard normal distribution (Box and Muller, 1958). */
export function normal(chance: Chance): number {
  return Math.sqrt(-2 * Math.log(1 - chance.next())) * Math.cos(2 * Math.PI * chance.next());
}

/** Labels a span; one that meets the last is joined to it, what lies beyond the series is cut. */
export function place(draft: Draft, first: number, last: number): void {
  const end = Math.min(last, draft.values.length - 1);
  const former = draft.windows.at(-1);
  if (former !== undefined && first <= former[1] + 1) former[1] = Math.max(former[1], end);
  else if (first <= end) draft.windows.push([Math.max(0, first), end]);
}

export function finishSeries(name: string, draft: Draft): LabelledSeries {
  return {
    name,
    times: Float64Array.from(draft.times),
    values: Float64Array.from(draft.values),
    windows: draft.windows,
  };
}
