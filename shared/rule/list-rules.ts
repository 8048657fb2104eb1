import { requireScope } from '#shared/access/scope.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { RuleActivityStore } from '#shared/ports/rule-activity-store.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';

import { ACTIVITY_HOUR_MS } from './activity-schema.ts';
import { describeRule } from './describe-rule.ts';
import type { DetectionRule, ListedRule } from './schema.ts';

const DAY_MS = 24 * ACTIVITY_HOUR_MS;

/** The newest version of every rule that is not archived, by id, each with its condition in words, its cost and its matches. */
export async function listRules(
  store: RuleStore,
  activity: RuleActivityStore,
  context: Context,
): Promise<ListedRule[]> {
  requireScope(context, 'sentry.policy.read');
  const [rules, costs, matches] = await Promise.all([
    store.list(context.tenant),
    store.costs(context.tenant),
    matchesOf(activity, context),
  ]);
  return rules
    .filter((rule) => rule.state !== 'ARCHIVED')
    .map((rule) => ({
      ...rule,
      condition: describeRule(rule),
      ...costs.get(rule.rule_id),
      matches_24h: matches.get(rule.rule_id) ?? 0,
    }));
}

/** Events matched in the last 24 h, by rule. */
async function matchesOf(
  activity: RuleActivityStore,
  context: Context,
): Promise<Map<string, number>> {
  const since = Math.floor((context.now() - DAY_MS) / ACTIVITY_HOUR_MS);
  const sums = new Map<string, number>();
  for (const { matches } of await activity.list(context.tenant, since))
    for (const [ruleId, count] of Object.entries(matches))
      sums.set(ruleId, (sums.get(ruleId) ?? 0) + count);
  return sums;
}

/** A rule as it stands, with what its newest version costs. */
export async function withCost(
  store: RuleStore,
  context: Context,
  rule: DetectionRule,
): Promise<ListedRule> {
  return { ...rule, ...(await store.costOf(context.tenant, rule.rule_id)) };
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
