import { requireScope } from '#shared/access/scope.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';

import { recordRule } from './record-rule.ts';
import { requireExpected } from './save-rule.ts';
import type { DetectionRule } from './schema.ts';
import { requireTransition } from './transition.ts';

/**
 * Archives a rule: a last version that never evaluates; nothing is deleted. Repeating it changes
 * nothing. Throws `not_found`, `precondition_failed`, `conflict`, `forbidden`.
 */
export async function removeRule(
  store: RuleStore,
  context: Context,
  ruleId: string,
  options: { if_version?: number; reason?: string } = {},
): Promise<DetectionRule> {
  requireScope(context, 'sentry.policy.write');
  const before = await store.get(context.tenant, ruleId);
  if (before === undefined) throw new SentryError('not_found', `There is no rule "${ruleId}".`);
  if (before.state === 'ARCHIVED') return before;
  requireExpected(before, { if_version: options.if_version });
  const rule: DetectionRule = {
    ...before,
    state: 'ARCHIVED',
    version: before.version + 1,
    author: context.actor,
    reason: options.reason ?? '',
    updated_at: new Date(context.now()).toISOString(),
  };
  requireTransition(before.state, rule.state);
  await store.save(context.tenant, recordRule(context, before, rule, 'rule.archive'));
  return rule;
}
