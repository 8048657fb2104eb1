import type { Finding } from '#shared/alert/finding.ts';
import type { EscalationPolicy } from '#shared/escalation/schema.ts';
import type { EventRecord } from '#shared/event/schema.ts';
import { DetectionRule } from '#shared/rule/schema.ts';

import { BUILT_AT } from './build-alert.ts';

/** A valid event of service `checkout`; `n` makes its id. */
export function buildEvent(n: number, fields: Partial<EventRecord> = {}): EventRecord {
  return {
    event_id: `e-${n}`,
    source: 'agent',
    type: 'metric.cpu',
    severity: 'ERROR',
    timestamp: BUILT_AT,
    service: 'checkout',
    payload: { n },
    ...fields,
  };
}

/** A valid `match` rule over `metric.cpu` events, grouped by service. */
export function buildRule(fields: Partial<DetectionRule> = {}): DetectionRule {
  return DetectionRule.parse({
    rule_id: 'cpu-high',
    name: 'CPU high',
    severity: 'ERROR',
    pattern: { type: ['metric.cpu'] },
    detector: { kind: 'match' },
    group_by: ['service'],
    title: 'CPU of {service} is high',
    ...fields,
  });
}

/** One event found by `buildRule()` for the group `checkout`. */
export function buildFinding(fields: Partial<Finding> = {}): Finding {
  return {
    rule: buildRule(),
    group_key: '8:checkout',
    group: { service: 'checkout' },
    title: 'CPU of checkout is high',
    occurrences: 1,
    explain: { detector: 'match', summary: 'matched', expected: 'none', observed: 'one' },
    events: [buildEvent(1)],
    ...fields,
  };
}

/** A policy for every alert: four channels at once, PagerDuty again after 15 minutes. */
export function buildPolicy(fields: Partial<EscalationPolicy> = {}): EscalationPolicy {
  return {
    policy_id: 'default',
    name: 'Default',
    match: {},
    order: 1,
    steps: [
      {
        delay_minutes: 0,
        targets: [
          { channel: 'email', destination: 'email-ops' },
          { channel: 'slack', destination: 'slack-ops' },
          { channel: 'pagerduty', destination: 'pagerduty-ops' },
          { channel: 'webhook', destination: 'webhook-ops' },
        ],
      },
      {
        delay_minutes: 15,
        targets: [{ channel: 'pagerduty', destination: 'pagerduty-second' }],
      },
    ],
    repeat: 0,
    acknowledgements: 1,
    enabled: true,
    version: 1,
    author: 'user:ada',
    updated_at: BUILT_AT,
    ...fields,
  };
}
