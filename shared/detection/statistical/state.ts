import type { Shift } from './model.ts';

/** An anomaly that goes on. Times in milliseconds. */
export interface OpenFinding {
  /** Event time of its earliest and latest point beyond the threshold. */
  since: number;
  last: number;
  points: number;
  peak_score: number;
  /** Points in a row that stayed below the threshold since. */
  quiet_points: number;
}

/** What is kept of one series, whatever the method. Never changed in place. */
export interface StatisticalState<ModelState> {
  /** Points taken into account. */
  points: number;
  /** Event time of the newest; 0 before the first. */
  newest: number;
  late: number;
  skipped: number;
  finding: OpenFinding | undefined;
  /** Points beyond the threshold that may turn out to be the new normal. */
  shift: Shift;
  model: ModelState;
}

export const NO_SHIFT: Shift = { points: 0, mean: 0, spread: 0 };
