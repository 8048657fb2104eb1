import { seededChance } from '#infra/simulator/random.ts';

const DAY_MS = 86_400_000;
/** Monday, 5 January 2026, 00:00 UTC. */
export const SERIES_BEGIN = Date.UTC(2026, 0, 5);

/** A metric as `buildSeries` draws it; the noise is normal with standard deviation 1. */
export interface SeriesShape {
  seed: number;
  points: number;
  cadence_seconds?: number;
  level?: number;
  /** Height of a sine over the day. */
  daily?: number;
  /** Added on Saturdays and Sundays (UTC). */
  weekend?: number;
  trend_per_day?: number;
}

/** A sample and what it would be without noise; times in milliseconds. */
export interface Sample {
  at: number;
  value: number;
  clean: number;
}

/** The same series for the same shape, evenly spaced from `SERIES_BEGIN`. */
export function buildSeries(shape: SeriesShape): Sample[] {
  const { seed, points, cadence_seconds = 300, level = 100, daily = 0 } = shape;
  const chance = seededChance(seed);
  return Array.from({ length: points }, (_, index) => {
    const at = SERIES_BEGIN + index * cadence_seconds * 1000;
    const days = (at - SERIES_BEGIN) / DAY_MS;
    const weekday = new Date(at).getUTCDay();
    const clean =
      level +
      daily * Math.sin(2 * Math.PI * days) +
      (weekday === 0 || weekday === 6 ? (shape.weekend ?? 0) : 0) +
      (shape.trend_per_day ?? 0) * days;
    const noise =
      Math.sqrt(-2 * Math.log(1 - chance.next())) * Math.cos(2 * Math.PI * chance.next());
    return { at, value: clean + noise, clean };
  });
}
