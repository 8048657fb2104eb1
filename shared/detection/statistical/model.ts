/** One way of looking at a point: what was seen, what was to be expected, and how sure that is. */
export interface Statistic {
  /** What is looked at, for people: `value`, `change since the last point`. */
  name: string;
  observed: number;
  expected: number;
  /** Standard deviation of observed − expected, > 0. */
  spread: number;
  /** How many points' worth taught the spread, ≥ 1. */
  freedom: number;
}

/** Points beyond the threshold, as differences from what was expected of each. */
export interface Shift {
  points: number;
  mean: number;
  spread: number;
}

/**
 * What one method keeps of a series. Pure: states are never changed in place. All numbers it holds
 * are finite as long as values are within ±`VALUE_MAX`. Times are milliseconds.
 */
export interface Model<State> {
  /** Settings without which packed state has no meaning. */
  shape: readonly (string | number)[];
  empty(): State;
  /** The value itself first; nothing while the series says nothing of this time. */
  judge(state: State, at: number, value: number): Statistic[];
  /** `at` may lie before what was learned last. */
  learn(state: State, at: number, value: number): State;
  /**
   * Takes a lasting change as the new normal. A model that has it is spared what lies beyond the
   * threshold until then; one without it learns every point as it is.
   */
  adopt?(state: State, shift: Shift): State;
  /** Whether enough is known to be trusted at this time, whatever the count of points. */
  ready(state: State, at: number): boolean;
  /** Seconds of the past that the expectation rests on, where that is a matter of time. */
  windowSeconds?(state: State): number | undefined;
  /** All of the state, in an order that `restore` knows; `restore` answers undefined on another count. */
  numbers(state: State): number[];
  restore(numbers: readonly number[]): State | undefined;
}
