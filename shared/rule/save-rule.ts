import { requireScope } from '#shared/access/scope.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { RuleChange, RuleStore } from '#shared/ports/rule-store.ts';

import { bindLookups, NO_TABLES, requireTables } from './bind-lookups.ts';
import type { LookupReader, LookupTables } from './bind-lookups.ts';
import { checkRule } from './check-rule.ts';
import { changedRuleFields, recordRule } from './record-rule.ts';
import type { RuleAction } from './record-rule.ts';
import type { DetectionRule } from './schema.ts';
import { passTests } from './test-gate.ts';
import { requireTransition } from './transition.ts';

export interface SaveOptions {
  /** The rule must not exist yet (or be archived); otherwise `conflict`. */
  create?: boolean;
  /** The version the caller saw; another one → `precondition_failed`. */
  if_version?: number | undefined;
  /** Lets a rule evaluate that its tests would not let; needs a reason, and is journalled with it. */
  override_tests?: boolean | undefined;
  /** Where the rule finds the lookup tables it names; without it there are none. */
  lookups?: LookupReader | undefined;
}

/**
 * Saves a rule as its next version; version, author and times are set here. Saving what is there
 * already changes nothing and returns it. States change as `transition.ts` says; a rule goes live only
 * with passing tests (`test-gate.ts`). Throws `invalid_input` naming every wrong place, `conflict` and `precondition_failed` with the stored rule
 * as `current`, `forbidden`.
 */
export async function saveRule(
  store: RuleStore,
  context: Context,
  draft: unknown,
  options: SaveOptions = {},
): Promise<DetectionRule> {
  requireScope(context, 'sentry.policy.write');
  const body = checkRule(draft);
  const before = await store.get(context.tenant, body.rule_id);
  requireExpected(before, options);
  const tables = await requireTables(options.lookups, context.tenant, body);
  const change = planSave(context, before, body, { ...options, tables });
  if (change === undefined) return before!;
  await store.save(context.tenant, change);
  return change.rule;
}

/**
 * The change that makes `body` the next version after `before`; undefined when it stands there already.
 * Throws `invalid_input` when the rule may not become that, or may not evaluate.
 */
export function planSave(
  context: Context,
  before: DetectionRule | undefined,
  body: DetectionRule,
  options: {
    override_tests?: boolean | undefined;
    rolled_back_to?: number;
    /** Those that the rule names. */
    tables?: LookupTables;
  } = {},
): RuleChange | undefined {
  const now = new Date(context.now()).toISOString();
  const rule: DetectionRule = {
    ...body,
    version: (before?.version ?? 0) + 1,
    author: context.actor,
    created_at: before?.created_at ?? now,
    updated_at: now,
  };
  if (before !== undefined && changedRuleFields(before, rule).length === 0) return undefined;
  requireTransition(before?.state, rule.state);
  const bound = bindLookups(rule, options.tables ?? NO_TABLES);
  const isOverridden = passTests(bound, options.override_tests === true);
  const { rolled_back_to } = options;
  const notes = {
    ...(isOverridden && { tests_overridden: true }),
    ...(rolled_back_to !== undefined && { rolled_back_to }),
  };
  const action = actionOf(before, rule, rolled_back_to);
  return recordRule(context, before, rule, action, notes, bound);
}

function actionOf(
  before: DetectionRule | undefined,
  rule: DetectionRule,
  rolledBackTo: number | undefined,
): RuleAction {
  if (rolledBackTo !== undefined) return 'rule.rollback';
  if (before === undefined) return 'rule.create';
  if (before.state === rule.state) return 'rule.update';
  if (before.state === 'ARCHIVED') return 'rule.restore';
  return rule.state === 'ARCHIVED' ? 'rule.archive' : 'rule.update';
}

/** Throws unless the stored rule is the one the caller means. */
export function requireExpected(before: DetectionRule | undefined, options: SaveOptions): void {
  if (options.create === true && before !== undefined && before.state !== 'ARCHIVED')
    throw new SentryError('conflict', `There is a rule "${before.rule_id}" already.`, {
      current: before,
    });
  const stored = before?.version ?? 0;
  if (options.if_version !== undefined && options.if_version !== stored)
    throw new SentryError(
      'precondition_failed',
      `You saw version ${options.if_version}; the rule is at version ${stored} now.`,
      { current: before },
    );
}
