import { requireScope } from '#shared/access/scope.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { RuleChange, RuleStore } from '#shared/ports/rule-store.ts';

import { checkRule } from './check-rule.ts';
import { changedFields, recordRule } from './record-rule.ts';
import { runRuleTests } from './run-rule-tests.ts';
import type { DetectionRule } from './schema.ts';

export interface SaveOptions {
  /** The rule must not exist yet (or be archived); otherwise `conflict`. */
  create?: boolean;
  /** The version the caller saw; another one → `precondition_failed`. */
  if_version?: number;
}

/**
 * Saves a rule as its next version; version, author and times are set here. Saving what is there
 * already changes nothing and returns it. A rule that will evaluate must pass its own tests. Throws
 * `invalid_input` naming every wrong place, `conflict` and `precondition_failed` with the stored rule
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
  const change = planSave(context, before, body);
  if (change === undefined) return before!;
  await store.save(context.tenant, change);
  return change.rule;
}

/**
 * The change that makes `body` the next version after `before`; undefined when it stands there already.
 * Throws `invalid_input` when the rule may not evaluate.
 */
export function planSave(
  context: Context,
  before: DetectionRule | undefined,
  body: DetectionRule,
): RuleChange | undefined {
  requirePassingTests(body);
  const now = new Date(context.now()).toISOString();
  const rule: DetectionRule = {
    ...body,
    version: (before?.version ?? 0) + 1,
    author: context.actor,
    created_at: before?.created_at ?? now,
    updated_at: now,
  };
  if (before !== undefined && changedFields(before, rule).length === 0) return undefined;
  return recordRule(context, before, rule, before === undefined ? 'rule.create' : 'rule.update');
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

function requirePassingTests(rule: DetectionRule): void {
  if (rule.state !== 'ENABLED' && rule.state !== 'STAGED') return;
  const issues = runRuleTests(rule).flatMap((result, index) =>
    result.passed
      ? []
      : [
          {
            path: `tests[${index}]`,
            message: `"${result.name}" must be ${result.expected} but is ${result.actual}: ${result.detail}`,
          },
        ],
  );
  if (issues.length > 0)
    throw new SentryError('invalid_input', `The rule fails its own tests: ${issues[0]!.message}`, {
      issues,
    });
}
