import { nextCadence } from './cadence.ts';
import type { SeasonalConfig } from './config.ts';
import { type DayKind, daysBefore, emptyDayKind, enterDay, kindAt } from './day-kind.ts';
import type { Model, Statistic } from './model.ts';
import { named, numbersOf } from './numbers.ts';
import { isKnown, learnAt, placeOf, valueAt, weightAt } from './profile.ts';
import type { Place, Profile } from './profile.ts';
import { addDeviation, believedSpread, bounded, fading } from './spread.ts';

const DAY_MS = 86_400_000;
const KNOTS = 48;
/** Weight of a new point in the mean of recent residuals: about the last dozen points. */
const RECENT_GAIN = 1 / 6;
/** How closely one residual can follow another; more would make a level shift look normal. */
const ECHO_MAX = 0.95;
const ECHO_GAIN = 0.01;
/** Residuals teach the echo by their size in spreads, cut here. */
const ECHO_CLIP = 4;
/** Points further apart than this many usual intervals teach nothing of the echo. */
const ECHO_INTERVALS_MAX = 3;
const LEVEL_HALF_LIFE_MS = DAY_MS / 2;

interface SeasonalState {
  /** Points learned, and the time of the newest. */
  seen: number;
  at: number;
  cadence: number;
  /** What the last days lie above the profile: growth, and changes that were adopted. */
  level: number;
  /** Difference of the newest point learned from level and profile; the mean of recent ones. */
  residual: number;
  recent: number;
  /** Covariance of a residual with the one before, and the variance of that one, in squared spreads. */
  echo: number;
  echo_base: number;
  /** Root mean squares of residuals, of what the echo leaves of them, and of `recent`. */
  spread: number;
  step_spread: number;
  recent_spread: number;
  spread_weight: number;
  weekday: DayKind;
  weekend: DayKind;
}

const KEYS = [
  'seen',
  'at',
  'cadence',
  'level',
  'residual',
  'recent',
  'echo',
  'echo_base',
  'spread',
  'step_spread',
  'recent_spread',
  'spread_weight',
] as const;
const DAY_KINDS = ['weekday', 'weekend'] as const;

/**
 * A course of the day for working days and one for weekends, of 48 knots each, and a first-order
 * autoregression of what they leave. A point is judged three ways: against its time of day, against
 * what the point before leads to expect, and by the mean of the last dozen. Late points are judged
 * against the time of day, and teach nothing.
 */
export function seasonalModel(config: SeasonalConfig): Model<SeasonalState> {
  const { spread_min } = config;
  const offsetMs = config.utc_offset_minutes * 60_000;
  const dayFade = fading(1, config.profile_half_life_days);
  const spreadFade = fading(1, config.spread_half_life_points);

  function learnResidual(state: SeasonalState, at: number, residual: number) {
    const weight = state.spread_weight * spreadFade + 1;
    const recent = state.recent + RECENT_GAIN * (residual - state.recent);
    const step = residual - echoAt(state, at) * state.residual;
    return {
      ...learnEcho(state, at, residual),
      residual,
      recent,
      spread: addDeviation(state.spread, residual, 1 / weight),
      step_spread: addDeviation(state.step_spread, step, 1 / weight),
      recent_spread: addDeviation(state.recent_spread, recent, 1 / weight),
      spread_weight: weight,
    };
  }

  return {
    shape: [KNOTS, config.utc_offset_minutes],
    empty: () => ({
      ...named(
        KEYS,
        KEYS.map(() => 0),
      ),
      weekday: emptyDayKind(KNOTS),
      weekend: emptyDayKind(KNOTS),
    }),
    judge(state, at, value) {
      const { profile } = state[kindAt(at + offsetMs)];
      const place = placeOf(at + offsetMs, DAY_MS, KNOTS);
      if (state.spread_weight < 1 || !isKnown(profile, place)) return [];
      const usual = state.level + valueAt(profile, place);
      const doubt = doubtOf(state, profile, place);
      const view = (
        name: string,
        observed: number,
        expected: number,
        learned: number,
      ): Statistic => ({
        name,
        observed,
        expected,
        spread: believedSpread(Math.hypot(learned, doubt), usual, spread_min),
        freedom: state.spread_weight,
      });
      const plain = view('value', value, usual, state.spread);
      if (at < state.at) return [plain];
      const echoed = usual + echoAt(state, at) * state.residual;
      const recent = usual + state.recent + RECENT_GAIN * (value - usual - state.recent);
      return [
        plain,
        view('step from the last point', value, echoed, state.step_spread),
        view('mean of recent points', recent, usual, state.recent_spread),
      ];
    },
    learn(state, at, value) {
      if (state.seen > 0 && at < state.at) return state;
      const local = at + offsetMs;
      const kind = kindAt(local);
      const place = placeOf(local, DAY_MS, KNOTS);
      const entered = enterDay(state[kind], local, dayFade);
      const usual = valueAt(entered.profile, place);
      const residual = value - state.level - usual;
      // The first day fits itself: how far points usually lie from the course shows from the second on.
      const known = entered.days > 1 && isKnown(entered.profile, place);
      const follow = known ? levelGain(state, at) : 0;
      return {
        ...state,
        ...(known ? learnResidual(state, at, residual) : { residual: 0, recent: 0 }),
        seen: state.seen + 1,
        at,
        cadence: state.seen > 0 ? nextCadence(state.cadence, (at - state.at) / 1000) : 0,
        level: bounded(state.level + follow * residual),
        [kind]: {
          ...entered,
          profile: learnAt(entered.profile, place, usual + (1 - follow) * residual),
        },
      };
    },
    adopt: (state, shift) => ({
      ...state,
      residual: 0,
      recent: 0,
      spread: Math.max(state.spread, shift.spread),
      level: bounded(state.level + shift.mean),
    }),
    ready: (state, at) =>
      daysBefore(state[kindAt(at + offsetMs)], at + offsetMs) >= config.min_days,
    windowSeconds: () => (7 * DAY_MS) / 1000,
    numbers: (state) => [
      ...numbersOf(state, KEYS),
      ...DAY_KINDS.flatMap((kind) => {
        const { profile, days, day } = state[kind];
        return [days, day, ...profile.knots, ...profile.weights];
      }),
    ],
    restore(numbers) {
      const length = 2 + 2 * KNOTS;
      if (numbers.length !== KEYS.length + 2 * length) return undefined;
      const [weekday, weekend] = [0, 1].map((index): DayKind => {
        const own = numbers.slice(KEYS.length + index * length, KEYS.length + (index + 1) * length);
        const knots = own.slice(2, 2 + KNOTS);
        const weights = own.slice(2 + KNOTS);
        return { days: own[0]!, day: own[1]!, profile: { knots, weights } };
      });
      return { ...named(KEYS, numbers), weekday: weekday!, weekend: weekend! };
    },
  };
}

/** How unsure the profile itself is at a place: points that echo each other teach it less. */
function doubtOf(state: SeasonalState, profile: Profile, place: Place): number {
  const echo = echoShare(state);
  const weight = (weightAt(profile, place) * (1 - echo)) / (1 + echo);
  return state.spread / Math.sqrt(weight);
}

/** How far the level follows one residual; a gap counts for a few usual intervals at most. */
function levelGain(state: SeasonalState, at: number): number {
  const elapsed = Math.min(at - state.at, ECHO_INTERVALS_MAX * state.cadence * 1000);
  return 1 - fading(elapsed, LEVEL_HALF_LIFE_MS);
}

function echoShare({ echo, echo_base }: SeasonalState): number {
  return echo <= 0 || echo_base <= 0 ? 0 : Math.min(ECHO_MAX, echo / echo_base);
}

/** How much of the last residual is still in one at `at`. */
function echoAt(state: SeasonalState, at: number): number {
  if (state.cadence <= 0) return 0;
  return echoShare(state) ** ((at - state.at) / 1000 / state.cadence);
}

function learnEcho(
  state: SeasonalState,
  at: number,
  residual: number,
): { echo: number; echo_base: number } {
  const { echo, echo_base, spread, cadence } = state;
  if (spread === 0 || (at - state.at) / 1000 > ECHO_INTERVALS_MAX * cadence)
    return { echo, echo_base };
  const now = clip(residual / spread);
  const before = clip(state.residual / spread);
  return {
    echo: echo + ECHO_GAIN * (now * before - echo),
    echo_base: echo_base + ECHO_GAIN * (before * before - echo_base),
  };
}

function clip(deviation: number): number {
  return Math.max(-ECHO_CLIP, Math.min(ECHO_CLIP, deviation));
}
