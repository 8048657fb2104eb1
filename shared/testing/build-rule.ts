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
