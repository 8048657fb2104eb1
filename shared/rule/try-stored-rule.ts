import { requireScope } from '#shared/access/scope.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';

import { bindLookups, requireTables } from './bind-lookups.ts';
import type { LookupReader } from './bind-lookups.ts';
import { checkRule } from './check-rule.ts';
import type { RuleCost } from './cost-schema.ts';
import { getRule } from './list-rules.ts';
import { measureCost } from './measure-cost.ts';
import type { DetectionRule } from './schema.ts';
import type { TrialBatch, TrialVerdict } from './trial-schema.ts';
import { tryRule } from './try-rule.ts';
import { unknownFields } from './unknown-field.ts';

interface Trial {
  /** A draft; or else `rule_id`, never both. */
  rule?: unknown;
  rule_id?: string | undefined;
  /** None at all runs the rule's own tests. */
  batches?: readonly TrialBatch[] | undefined;
  /** One batch without a name. */
  events?: readonly unknown[] | undefined;
}

/** Runs a draft or a stored rule over given events, and measures what it costs for each event. Throws `invalid_input`, `not_found`, `forbidden`. */
export async function tryStoredRule(
  store: RuleStore,
  context: Context,
  trial: Trial,
  lookups?: LookupReader,
): Promise<{ rule_id: string; items: TrialVerdict[] } & Partial<RuleCost>> {
  requireScope(context, 'sentry.policy.write');
  const asked = await ruleOf(store, context, trial);
  const rule = bindLookups(asked, await requireTables(lookups, context.tenant, asked));
  const batches = [...(trial.batches ?? [])];
  if (trial.events !== undefined) batches.push({ events: [...trial.events] });
  const own = trial.batches === undefined && trial.events === undefined;
  const items = tryRule(rule, own ? ownTests(rule) : batches, context.now());
  const cost = context.stopwatch && measureCost(rule, context.stopwatch);
  return { rule_id: rule.rule_id, items, ...cost };
}

async function ruleOf(store: RuleStore, context: Context, trial: Trial): Promise<DetectionRule> {
  if ((trial.rule === undefined) === (trial.rule_id === undefined))
    throw new SentryError('invalid_input', 'Give a rule or a rule_id, one of them.', {
      issues: [{ path: 'rule', message: 'a draft here, or the id of a stored rule in rule_id' }],
    });
  if (trial.rule_id !== undefined) return getRule(store, context, trial.rule_id);
  const rule = checkRule(trial.rule);
  const issues = unknownFields(trial.rule, rule);
  if (issues.length === 0) return rule;
  const { path, message } = issues[0]!;
  throw new SentryError('invalid_input', `The rule is not valid: ${path}: ${message}`, { issues });
}

/** As `runRuleTests` has it: an event of a test without an id has one of its own. */
function ownTests(rule: DetectionRule): TrialBatch[] {
  return rule.tests.map(({ name, expect, events }) => ({
    name,
    expect,
    events: events.map((event, index) => ({ event_id: `test-${index}`, ...event })),
  }));
}
