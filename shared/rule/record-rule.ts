import { changedFields, describeChange } from '#shared/audit/describe-change.ts';
import type { Context } from '#shared/kernel/context.ts';
import { announce } from '#shared/outbox/announce.ts';
import type { RuleChange } from '#shared/ports/rule-store.ts';

import { measureCost } from './measure-cost.ts';
import type { DetectionRule } from './schema.ts';

/** Fields that say who wrote a version and when, not what it does. */
const STAMPS = new Set(['version', 'author', 'reason', 'created_at', 'updated_at']);

/** The fields in which two versions differ, stamps apart. */
export function changedRuleFields(
  before: DetectionRule | undefined,
  after: DetectionRule,
): (keyof DetectionRule)[] {
  return changedFields(before ?? {}, after, STAMPS) as (keyof DetectionRule)[];
}

export type RuleAction =
  'rule.create' | 'rule.update' | 'rule.archive' | 'rule.restore' | 'rule.rollback';

/**
 * A new version with its journal entry (changed fields and `notes` only), its announcement `rule.saved`,
 * and what it costs where the context can measure it.
 */
export function recordRule(
  context: Context,
  before: DetectionRule | undefined,
  rule: DetectionRule,
  action: RuleAction,
  notes: Readonly<Record<string, unknown>> = {},
  /** The rule as it evaluates, with its lookup tables. */
  bound: DetectionRule = rule,
): RuleChange {
  const at = Date.parse(rule.updated_at);
  const changed = changedRuleFields(before, rule);
  const pick = (from: DetectionRule) =>
    Object.fromEntries(changed.flatMap((name) => (name in from ? [[name, from[name]]] : [])));
  const entry = describeChange(context, {
    subject: { kind: 'rule', id: rule.rule_id },
    action,
    at: rule.updated_at,
    before: before && pick(before),
    after: { ...pick(rule), version: rule.version, ...notes },
    reason: rule.reason,
  });
  const { rule_id, version, state, name, severity } = rule;
  const row = announce({
    tenant: context.tenant,
    type: 'rule.saved',
    source: 'sentry.rule',
    payload: { tenant: context.tenant, rule: { rule_id, version, state, name, severity } },
    correlation_id: context.correlation_id,
    at,
    identity: [rule_id, String(version)],
  });
  const cost = context.stopwatch && measureCost(bound, context.stopwatch);
  return { rule, expected: before?.version ?? 0, journal: [entry], outbox: [row], cost };
}
