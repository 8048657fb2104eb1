import type { Explanation } from '#shared/alert/schema.ts';

import type { ThresholdConfig } from './aggregate.ts';
import type { Finding } from './exact-window.ts';

/** The words for what stays quiet under each operator. */
const WITHIN = { '>=': 'below', '>': 'at most', '<=': 'above', '<': 'at least' } as const;

/** The finding in its own numbers, e.g. `6 failed logins in 10 min, limit 5`. */
export function explainFinding(
  config: ThresholdConfig,
  finding: Finding,
  approximate: boolean,
): Explanation {
  const window = spanOf(config.window_seconds);
  const observed = measured(config, finding.aggregate);
  return {
    detector: 'threshold',
    summary: `${observed} in ${window}, limit ${rounded(config.threshold)}`,
    expected: `${WITHIN[config.operator]} ${rounded(config.threshold)} in ${window}`,
    observed: approximate ? `about ${observed}` : observed,
    window_seconds: config.window_seconds,
    values: {
      aggregate: config.aggregate,
      ...(config.field !== undefined && { field: config.field }),
      value: rounded(finding.aggregate),
      threshold: rounded(config.threshold),
      operator: config.operator,
      events: String(finding.count),
    },
  };
}

function measured(config: ThresholdConfig, aggregate: number): string {
  const value = rounded(aggregate);
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

/** At most four significant decimals, no exponent for everyday numbers. */
function rounded(value: number): string {
  return String(Number(value.toPrecision(value >= 10_000 ? 12 : 4)));
}

/** Seconds in the largest unit that divides them. */
function spanOf(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400} d`;
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
