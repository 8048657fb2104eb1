import type { DetectionRule } from '#shared/rule/schema.ts';

import { ageWords } from '#dashboard/shell/format.ts';

/** When a rule fires, in a line: `count ≥ 5 failed logins in 10 min per payload.user`. */
export function conditionWords({ detector, group_by }: DetectionRule): string {
  const per = group_by.length > 0 ? ` per ${group_by.join(', ')}` : '';
  if (detector.kind === 'match') return `every matching event${per}`;
  if (detector.kind === 'absence')
    return `no ${detector.unit ?? 'event'} for ${ageWords((detector.window_seconds + detector.grace_seconds) * 1000)}${per}`;
  if (detector.kind !== 'threshold') return `${detector.kind}${per}`;
  const { aggregate, field, operator, threshold, unit, window_seconds } = detector;
  const measured =
    aggregate === 'count' || field === undefined ? aggregate : `${aggregate} of ${field}`;
  const sign = operator === '>=' ? '≥' : operator === '<=' ? '≤' : operator;
  const limit = unit === undefined ? `${threshold}` : `${threshold} ${unit}`;
  return `${measured} ${sign} ${limit} in ${ageWords(window_seconds * 1000)}${per}`;
}
