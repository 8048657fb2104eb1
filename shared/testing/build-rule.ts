import type { DetectionRule } from '#shared/rule/schema.ts';

import { BUILT_AT } from './build-alert.ts';

/** A valid enabled rule that fires on every `metric.cpu` of 90 % and more; fields given replace the built ones. */
export function buildRule(fields: Partial<DetectionRule> = {}): DetectionRule {
  return {
    rule_id: 'cpu-high',
    name: 'CPU is high',
    description: '',
    state: 'ENABLED',
    severity: 'ERROR',
    pattern: { type: ['metric.cpu'], payload: { value_percent: [{ numeric: ['>=', 90] }] } },
    detector: { kind: 'match' },
    group_by: ['service'],
    title: 'CPU of {service} is {payload.value_percent} %',
    reopen_window_seconds: 300,
    tests: [],
    version: 1,
    author: 'user:ada',
    reason: '',
    created_at: BUILT_AT,
    updated_at: BUILT_AT,
    ...fields,
  };
}

/** The positive and the negative test that `buildRule()` needs to go live. */
export const RULE_TESTS: DetectionRule['tests'] = [
  {
    name: 'hot',
    expect: 'fires',
    events: [{ source: 'a', type: 'metric.cpu', payload: { value_percent: 99 } }],
  },
  {
    name: 'mild',
    expect: 'quiet',
    events: [{ source: 'a', type: 'metric.cpu', payload: { value_percent: 9 } }],
  },
];
