import type { SeriesCensus } from '#shared/detection/series.ts';

/** How many series each tenant has, week by week. */
export interface SeriesCensusStore {
  /** In the order of the weeks; strongly consistent. Throws `unavailable` on throttling or network faults. */
  get(tenant: string, weeks: readonly number[]): Promise<(SeriesCensus | undefined)[]>;
  /** `expected` is the revision read, 0 for "must be absent". Throws `conflict` when it is another, `unavailable` as `get`. */
  put(census: SeriesCensus, expected: number): Promise<void>;
}
