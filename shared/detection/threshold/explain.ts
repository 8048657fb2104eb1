import type { Explanation } from '#shared/alert/schema.ts';
import { numberWords, spanWords } from '#shared/detection/words.ts';

import type { ThresholdConfig } from './config.ts';
import type { Finding } from './exact-window.ts';

/** The words for what stays quiet under each operator. */
const WITHIN = { '>=': 'below', '>': 'at most', '<=': 'above', '<': 'at least' } as const;

function nameOf({ aggregate, percentile }: ThresholdConfig): string {
  return aggregate === 'percentile' ? `p${percentile}` : aggregate;
}

/** The time that a rate is told for: `/s`, `/5 min`; nothing for what is no rate. */
function perWords({ aggregate, per_seconds = 1 }: ThresholdConfig): string {
  return aggregate === 'rate' ? `/${spanWords(per_seconds).replace(/^1 /, '')}` : '';
}

/** When it fires: `count ≥ 5 failed logins in 10 min`. */
export function describeThreshold(config: ThresholdConfig): string {
  const { field, operator, threshold, unit, window_seconds } = config;
  const name = nameOf(config);
  const what = config.aggregate === 'count' || field === undefined ? name : `${name} of ${field}`;
  const sign = operator === '>=' ? '≥' : operator === '<=' ? '≤' : operator;
  const limit = [threshold, unit].filter((part) => part !== undefined).join(' ');
  return `${what} ${sign} ${limit}${perWords(config)} in ${spanWords(window_seconds)}`;
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
      ...(config.percentile !== undefined && { percentile: String(config.percentile) }),
      ...(config.aggregate === 'rate' && { per_seconds: String(config.per_seconds ?? 1) }),
      ...(config.field !== undefined && { field: config.field }),
      value: numberWords(finding.aggregate),
      threshold: numberWords(config.threshold),
      operator: config.operator,
      events: String(finding.count),
    },
  };
}

function measured(config: ThresholdConfig, aggregate: number): string {
  const { unit, field } = config;
  const value = numberWords(aggregate);
  const inUnit = unit === undefined ? value : `${value} ${unit}`;
  switch (config.aggregate) {
    case 'count':
      return `${value} ${unit ?? 'events'}`;
    case 'distinct':
      return `${value} distinct ${unit ?? field ?? 'values'}`;
    case 'sum':
      return `total ${inUnit}`;
    case 'rate':
      return `${value} ${unit ?? field ?? 'events'}${perWords(config)}`;
    case 'percentile':
      return `${nameOf(config)} of ${field} ${inUnit}`;
    default:
      return `average ${inUnit}`;
  }
}
