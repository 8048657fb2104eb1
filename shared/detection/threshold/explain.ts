import type { Explanation } from '#shared/alert/schema.ts';
import { numberWords, spanWords } from '#shared/detection/words.ts';

import type { ThresholdConfig } from './config.ts';
import type { Finding } from './exact-window.ts';

/** The words for what stays quiet under each operator. */
const WITHIN = { '>=': 'below', '>': 'at most', '<=': 'above', '<': 'at least' } as const;

/** When it fires: `count ≥ 5 failed logins in 10 min`. */
export function describeThreshold(config: ThresholdConfig): string {
  const { aggregate, field, operator, threshold, unit, window_seconds } = config;
  const what =
    aggregate === 'count' || field === undefined ? aggregate : `${aggregate} of ${field}`;
  const sign = operator === '>=' ? '≥' : operator === '<=' ? '≤' : operator;
  const limit = unit === undefined ? `${threshold}` : `${threshold} ${unit}`;
  return `${what} ${sign} ${limit} in ${spanWords(window_seconds)}`;
}

/** The finding in its own numbers, e.g. `6 failed logins in 10 min, limit 5`. */
export function explainFinding(
  config: ThresholdConfig,
  finding: Finding,
  approximate: boolean,
): Explanation {
  const window = spanWords(config.window_seconds);
  const observed = measured(config, finding.aggregate);
  return {
    detector: 'threshold',
    summary: `${observed} in ${window}, limit ${numberWords(config.threshold)}`,
    expected: `${WITHIN[config.operator]} ${numberWords(config.threshold)} in ${window}`,
    observed: approximate ? `about ${observed}` : observed,
    window_seconds: config.window_seconds,
    values: {
      aggregate: config.aggregate,
      ...(config.field !== undefined && { field: config.field }),
      value: numberWords(finding.aggregate),
      threshold: numberWords(config.threshold),
      operator: config.operator,
      events: String(finding.count),
    },
  };
}

function measured(config: ThresholdConfig, aggregate: number): string {
  const value = numberWords(aggregate);
  switch (config.aggregate) {
    case 'count':
      return `${value} ${config.unit ?? 'events'}`;
    case 'distinct':
      return `${value} distinct ${config.unit ?? config.field ?? 'values'}`;
    case 'sum':
      return `total ${value}${config.unit === undefined ? '' : ` ${config.unit}`}`;
    default:
      return `average ${value}${config.unit === undefined ? '' : ` ${config.unit}`}`;
  }
}
