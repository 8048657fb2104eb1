import { describe, expect, it } from 'vitest';

import { DetectionRule } from '#shared/rule/schema.ts';

import { conditionWords } from './condition.ts';

const base = { rule_id: 'r', name: 'R', severity: 'WARN', pattern: {}, title: 'T' };

describe('the condition of a rule', () => {
  it('reads as a line', () => {
    const detector = {
      kind: 'threshold',
      aggregate: 'count',
      window_seconds: 600,
      threshold: 5,
      unit: 'failed logins',
    };
    const rule = DetectionRule.parse({ ...base, detector, group_by: ['payload.user'] });
    expect(conditionWords(rule)).toBe('count ≥ 5 failed logins in 10 min per payload.user');
    const match = DetectionRule.parse({ ...base, detector: { kind: 'match' } });
    expect(conditionWords(match)).toBe('every matching event');
  });
});
