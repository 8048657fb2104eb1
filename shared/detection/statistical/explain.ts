import type { Explanation } from '#shared/alert/schema.ts';
import { numberWords, spanWords } from '#shared/detection/words.ts';

import type { StatisticalConfig } from './config.ts';
import type { Statistic } from './model.ts';
import type { OpenFinding } from './state.ts';
import { deviationOf } from './tail.ts';

/** What each method expects a value to be like. */
const NORMAL = {
  ewma: 'its recent mean',
  'holt-winters': 'its level, trend and season',
  seasonal: 'its time of day and kind of day',
  'robust-z': 'the median of its latest points',
} as const;
const UNLIKE = { both: 'unlike', above: 'above', below: 'below' } as const;

/** When it fires: `payload.latency_ms above its recent mean, score ≥ 6`. */
export function describeStatistical(config: StatisticalConfig): string {
  const { field, direction, method, threshold } = config;
  return `${field} ${UNLIKE[direction]} ${NORMAL[method]}, score ≥ ${threshold}`;
}

/** What a finding says of itself. */
export interface Found {
  statistic: Statistic;
  value: number;
  score: number;
  finding: OpenFinding;
  /** Points the series had before this one. */
  points: number;
  warming: boolean;
  windowSeconds: number | undefined;
}

/** The finding in its own numbers, e.g. `310 ms, expected 42.1 ± 3.2 ms (score 24.3)`. */
export function explainFound(config: StatisticalConfig, found: Found): Explanation {
  const { statistic, value, score, finding, points, warming, windowSeconds } = found;
  const unit = config.unit === undefined ? '' : ` ${config.unit}`;
  const expected = `${short(statistic.expected)} ± ${short(statistic.spread)}${unit}`;
  const isValue = statistic.observed === value;
  const observed = `${short(statistic.observed)}${unit}`;
  const seen = isValue ? observed : `${statistic.name} ${observed}`;
  return {
    detector: 'statistical',
    summary: `${config.field} ${seen}, expected ${expected} (score ${short(score)})`,
    expected: `${expected}, by ${NORMAL[config.method]}`,
    observed: seen,
    score,
    ...(windowSeconds !== undefined && { window_seconds: windowSeconds }),
    values: {
      method: config.method,
      field: config.field,
      value: numberWords(value),
      judged_by: statistic.name,
      expected: short(statistic.expected),
      spread: short(statistic.spread),
      deviation_in_spreads: short(deviationOf(statistic)),
      threshold_score: numberWords(config.threshold),
      peak_score: short(finding.peak_score),
      finding_points: String(finding.points),
      series_points: warming ? `${points} of ${config.min_points} to warm up` : String(points),
      ...(windowSeconds !== undefined && { window: spanWords(windowSeconds) }),
    },
  };
}

/** Three significant digits below 1,000. */
function short(value: number): string {
  return numberWords(Math.abs(value) < 1_000 ? Number(value.toPrecision(3)) : value);
}
