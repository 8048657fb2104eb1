import type { RateColumns } from './rate-history.ts';

/** A stretch of the chart in numbers. */
export interface RateRow {
  /** Seconds since the epoch, where it begins. */
  from: number;
  /** Per second, over the seconds that were counted; null when none was. */
  events: number | null;
  eventsMost: number | null;
  matches: number | null;
}

/** The last `spanSeconds` up to `now` in `count` stretches of equal length, newest first. */
export function summariseRates(
  { at, events, matches }: RateColumns,
  now: number,
  spanSeconds: number,
  count: number,
): RateRow[] {
  const length = spanSeconds / count;
  const rows = Array.from({ length: count }, (_, index) => ({
    from: now - (index + 1) * length,
    seconds: 0,
    events: 0,
    most: 0,
    matches: 0,
  }));
  for (let index = at.length - 1; index >= 0 && at[index]! >= now - spanSeconds; index--) {
    const row = rows[Math.floor((now - at[index]!) / length)];
    const value = events[index];
    if (!row || value === null || value === undefined) continue;
    row.seconds++;
    row.events += value;
    row.most = Math.max(row.most, value);
    row.matches += matches[index] ?? 0;
  }
  return rows.map(({ from, seconds, events: sum, most, matches: hits }) => ({
    from,
    events: seconds === 0 ? null : sum / seconds,
    eventsMost: seconds === 0 ? null : most,
    matches: seconds === 0 ? null : hits / seconds,
  }));
}
