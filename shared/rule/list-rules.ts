import { requireScope } from '#shared/access/scope.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';

import { describeRule } from './describe-rule.ts';
import type { DetectionRule, ListedRule } from './schema.ts';

/** The newest version of every rule that is not archived, by id, each with its condition in words. */
export async function listRules(store: RuleStore, context: Context): Promise<ListedRule[]> {
  requireScope(context, 'sentry.policy.read');
  const rules = await store.list(context.tenant);
  return rules
    .filter((rule) => rule.state !== 'ARCHIVED')
    .map((rule) => ({ ...rule, condition: describeRule(rule) }));
}

/** The newest version of one rule, archived or not. Throws `not_found`. */
export async function getRule(
  store: RuleStore,
  context: Context,
  ruleId: string,
): Promise<DetectionRule> {
  requireScope(context, 'sentry.policy.read');
  const rule = await store.get(context.tenant, ruleId);
  if (rule === undefined) throw new SentryError('not_found', `There is no rule "${ruleId}".`);
  return rule;
}

/** Every version of one rule, newest first. Throws `not_found`. */
export async function listRuleVersions(
  store: RuleStore,
  context: Context,
  ruleId: string,
): Promise<DetectionRule[]> {
  requireScope(context, 'sentry.policy.read');
  const versions = await store.versions(context.tenant, ruleId);
  if (versions.length === 0) throw new SentryError('not_found', `There is no rule "${ruleId}".`);
  return versions;
}
