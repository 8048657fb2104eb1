import type { EwmaConfig } from './config.ts';
import type { Model } from './model.ts';
import { named, numbersOf } from './numbers.ts';
import { addDeviation, believedSpread, bounded, fading } from './spread.ts';

interface EwmaState {
  /** Time of the newest point learned. */
  at: number;
  /** Sum of the points' faded weights; 0 before the first. */
  weight: number;
  mean: number;
  /** Root mean square of the differences from the mean as it was before each point. */
  spread: number;
  spread_weight: number;
}

const KEYS = ['at', 'weight', 'mean', 'spread', 'spread_weight'] as const;
const EMPTY: EwmaState = { at: 0, weight: 0, mean: 0, spread: 0, spread_weight: 0 };
/** However long a gap, it makes no more forgotten than this: the first points after it are no judges. */
const GAP_FADING_LEAST = 0.5;

/**
 * Exponentially weighted mean and spread. By time, a point counts half after `half_life_seconds`, a
 * late one as if it had come in time; by points, after `half_life_points` further ones.
 */
export function ewmaModel(config: EwmaConfig): Model<EwmaState> {
  const { half_life_points, half_life_seconds, spread_min } = config;
  const halfLifeMs = half_life_seconds === undefined ? undefined : half_life_seconds * 1000;
  const perPoint = fading(1, half_life_points);

  return {
    shape: [],
    empty: () => EMPTY,
    judge(state, _at, value) {
      const { weight, mean, spread, spread_weight } = state;
      if (weight === 0 || spread_weight < 1) return [];
      return [
        {
          name: 'value',
          observed: value,
          expected: mean,
          spread: believedSpread(spread, mean, spread_min),
          freedom: spread_weight,
        },
      ];
    },
    learn(state, at, value) {
      if (state.weight === 0) return { ...EMPTY, at, weight: 1, mean: value };
      const elapsed = at - state.at;
      const fade =
        halfLifeMs === undefined
          ? perPoint
          : Math.max(GAP_FADING_LEAST, fading(Math.max(0, elapsed), halfLifeMs));
      const own = halfLifeMs === undefined || elapsed >= 0 ? 1 : fading(-elapsed, halfLifeMs);
      const weight = state.weight * fade + own;
      const spread_weight = state.spread_weight * fade + own;
      const difference = value - state.mean;
      return {
        at: Math.max(at, state.at),
        weight,
        mean: bounded(state.mean + (difference * own) / weight),
        spread: addDeviation(state.spread, difference, own / spread_weight),
        spread_weight,
      };
    },
    adopt: (state, shift) => ({
      ...state,
      weight: Math.min(state.weight, shift.points),
      mean: bounded(state.mean + shift.mean),
      spread: shift.spread,
    }),
    ready: () => true,
    windowSeconds: () => half_life_seconds,
    numbers: (state) => numbersOf(state, KEYS),
    restore: (numbers) => (numbers.length === KEYS.length ? named(KEYS, numbers) : undefined),
  };
}
