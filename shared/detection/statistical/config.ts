import * as z from 'zod';

/** What every method has. Counts are of points of one series; a score is −log10 of a probability. */
const COMMON = {
  kind: z.literal('statistical'),
  /** Dotted path of the number to watch. */
  field: z.string(),
  /** What the number measures, for people: `ms`, `%`. */
  unit: z.string().max(32).optional(),
  /** Which deviations count: too high, too low, or both. */
  direction: z.enum(['both', 'above', 'below']).default('both'),
  /** Fires from this score on: 6 is one chance in a million on an ordinary series. */
  threshold: z.number().min(1).max(300).default(6),
  /** A deviation smaller than this spread (in the field's unit) is never believed to be large. */
  spread_min: z.number().min(0).max(1e300).default(0),
  /** An event older than the newest by more than this is not looked at. */
  lateness_seconds: z.number().int().min(0).max(86_400).default(300),
  /** A finding ends after this many points in a row below the threshold; until then points count on. */
  refractory_points: z.number().int().min(1).max(1_000).default(30),
};

/** The series is too new to be trusted before this many points: findings are told at INFO at most. */
const minPoints = (points: number) => z.number().int().min(8).max(100_000).default(points);

/** A change that lasts for this many points is taken to be the new normal. */
const ADOPT = { adopt_after_points: z.number().int().min(5).max(10_000).default(60) };

/** How fast the past is forgotten: its weight is halved after this many points. */
const halfLife = (points: number) => z.number().min(2).max(100_000).default(points);

export const EwmaConfig = z.strictObject({
  ...COMMON,
  ...ADOPT,
  method: z.literal('ewma'),
  min_points: minPoints(40),
  half_life_points: halfLife(50),
  /** Forgets by time instead of by points when given. */
  half_life_seconds: z
    .number()
    .min(1)
    .max(86_400 * 90)
    .optional(),
});
export type EwmaConfig = z.infer<typeof EwmaConfig>;

export const HoltWintersConfig = z.strictObject({
  ...COMMON,
  ...ADOPT,
  method: z.literal('holt-winters'),
  min_points: minPoints(100),
  /** Length of the season, counted from the Unix epoch (a week therefore begins on a Thursday). */
  period_seconds: z
    .number()
    .int()
    .min(60)
    .max(86_400 * 31)
    .default(86_400),
  /** Places of the season at which its level is kept; straight lines run between them. */
  season_knots: z.number().int().min(2).max(168).default(24),
  half_life_points: halfLife(50),
  trend_half_life_points: halfLife(500),
  season_half_life_periods: z.number().min(1).max(365).default(7),
  spread_half_life_points: halfLife(200),
});
export type HoltWintersConfig = z.infer<typeof HoltWintersConfig>;

export const SeasonalConfig = z.strictObject({
  ...COMMON,
  ...ADOPT,
  method: z.literal('seasonal'),
  min_points: minPoints(200),
  /** Days of a kind (working day, weekend) to be seen before findings on such a day are trusted. */
  min_days: z.number().int().min(1).max(60).default(2),
  /** Where days begin, in minutes east of UTC. */
  utc_offset_minutes: z.number().int().min(-720).max(840).default(0),
  profile_half_life_days: z.number().min(1).max(365).default(14),
  spread_half_life_points: halfLife(500),
});
export type SeasonalConfig = z.infer<typeof SeasonalConfig>;

export const RobustZConfig = z.strictObject({
  ...COMMON,
  method: z.literal('robust-z'),
  min_points: minPoints(30),
  /** The latest points, whose median is what is expected: a lasting change is normal after half of them at most. */
  window_points: z.number().int().min(16).max(240).default(120),
});
export type RobustZConfig = z.infer<typeof RobustZConfig>;

/** A number that is unlike what its series has taught: one schema for each method. */
export const StatisticalConfig = z.discriminatedUnion('method', [
  EwmaConfig,
  HoltWintersConfig,
  SeasonalConfig,
  RobustZConfig,
]);
export type StatisticalConfig = z.infer<typeof StatisticalConfig>;
