import { nextCadence } from './cadence.ts';
import type { HoltWintersConfig } from './config.ts';
import type { Model } from './model.ts';
import { named, numbersOf } from './numbers.ts';
import { emptyProfile, fadeProfile, isKnown, learnAt, placeOf, valueAt } from './profile.ts';
import type { Profile } from './profile.ts';
import { addDeviation, believedSpread, bounded, fading } from './spread.ts';

interface HoltWintersState {
  /** Time of the first point and of the newest one learned. */
  first: number;
  at: number;
  /** Sum of the points' faded weights in the level; 0 before the first. */
  weight: number;
  level: number;
  /** Of the level, per second. */
  trend: number;
  /** Mean seconds between points, 0 while unknown. */
  cadence: number;
  /** Root mean square error of the forecasts, and the weight that taught it. */
  spread: number;
  spread_weight: number;
  /** What time of the period adds to the level. */
  season: Profile;
}

const KEYS = [
  'first',
  'at',
  'weight',
  'level',
  'trend',
  'cadence',
  'spread',
  'spread_weight',
] as const;
/** Least seconds between points for the trend's sake. */
const CADENCE_LEAST = 1e-3;

/**
 * Additive Holt-Winters (Winters 1960) by event time: the season is looked up by the time of day,
 * never by counting points, so gaps, bursts and uneven intervals leave it in place. The first period
 * only teaches the season; a trend is learned from the second one on. Late points are judged, and
 * teach nothing.
 */
export function holtWintersModel(config: HoltWintersConfig): Model<HoltWintersState> {
  const { season_knots, spread_min } = config;
  const periodMs = config.period_seconds * 1000;
  const levelFade = fading(1, config.half_life_points);
  const trendGain = 1 - fading(1, config.trend_half_life_points);
  const spreadFade = fading(1, config.spread_half_life_points);
  const seasonFade = fading(1, config.season_half_life_periods);

  /** The level expected at a time; a trend is followed no further than the level remembers. */
  function levelAt(state: HoltWintersState, at: number): number {
    const reach = state.cadence * config.half_life_points;
    return state.level + bounded(state.trend * Math.min((at - state.at) / 1000, reach));
  }

  return {
    shape: [config.period_seconds, season_knots],
    empty: () => ({
      first: 0,
      at: 0,
      weight: 0,
      level: 0,
      trend: 0,
      cadence: 0,
      spread: 0,
      spread_weight: 0,
      season: emptyProfile(season_knots),
    }),
    judge(state, at, value) {
      const place = placeOf(at, periodMs, season_knots);
      if (state.spread_weight < 1 || !isKnown(state.season, place)) return [];
      const expected = levelAt(state, at) + valueAt(state.season, place);
      const spread = believedSpread(state.spread, expected, spread_min);
      return [{ name: 'value', observed: value, expected, spread, freedom: state.spread_weight }];
    },
    learn(state, at, value) {
      if (state.weight === 0) {
        const season = learnAt(state.season, placeOf(at, periodMs, season_knots), 0);
        return { ...state, first: at, at, weight: 1, level: value, season };
      }
      if (at < state.at) return state;
      const seconds = (at - state.at) / 1000;
      const place = placeOf(at, periodMs, season_knots);
      const expectedLevel = levelAt(state, at);
      const usual = valueAt(state.season, place);
      const error = value - expectedLevel - usual;
      const taught = at - state.first >= periodMs;
      const known = taught && isKnown(state.season, place);
      const weight = (taught ? state.weight * levelFade : state.weight) + 1;
      const cadence = nextCadence(state.cadence, seconds);
      const slope = (trendGain * error) / (weight * Math.max(seconds, cadence, CADENCE_LEAST));
      const spreadWeight = known ? state.spread_weight * spreadFade + 1 : state.spread_weight;
      const rolled = Math.floor(at / periodMs) > Math.floor(state.at / periodMs);
      const season = rolled ? fadeProfile(state.season, seasonFade) : state.season;
      return {
        first: state.first,
        at,
        weight,
        level: bounded(expectedLevel + error / weight),
        trend: taught && seconds > 0 ? bounded(state.trend + slope) : state.trend,
        cadence,
        spread: known ? addDeviation(state.spread, error, 1 / spreadWeight) : state.spread,
        spread_weight: spreadWeight,
        season: learnAt(season, place, usual + error * (1 - 1 / weight)),
      };
    },
    adopt: (state, shift) => ({
      ...state,
      level: bounded(state.level + shift.mean),
      trend: 0,
      spread: shift.spread,
    }),
    ready: (state, at) => at - state.first >= 2 * periodMs,
    windowSeconds: () => config.period_seconds,
    numbers: (state) => [...numbersOf(state, KEYS), ...state.season.knots, ...state.season.weights],
    restore(numbers) {
      const begin = KEYS.length;
      if (numbers.length !== begin + 2 * season_knots) return undefined;
      const knots = numbers.slice(begin, begin + season_knots);
      const weights = numbers.slice(begin + season_knots);
      return { ...named(KEYS, numbers), season: { knots, weights } };
    },
  };
}
