import { describe, expect, it } from 'vitest';

import { checkRule } from './check-rule.ts';
import { describeRule } from './describe-rule.ts';

const base = { rule_id: 'r', name: 'R', severity: 'WARN', pattern: { type: ['t'] }, title: 'T' };

describe('the condition of a rule', () => {
  it('is what its detector says of itself, per group', () => {
    const detector = {
      kind: 'threshold',
      aggregate: 'count',
      window_seconds: 600,
      threshold: 5,
      unit: 'failed logins',
    };
    const rule = checkRule({ ...base, detector, group_by: ['payload.user', 'service'] });
    expect(describeRule(rule)).toBe('count ≥ 5 failed logins in 10 min per payload.user, service');
    expect(describeRule(checkRule({ ...base, detector: { kind: 'match' } }))).toBe(
      'every matching event',
    );
  });
});
