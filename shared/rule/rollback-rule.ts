import { requireScope } from '#shared/access/scope.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';

import { requireTables } from './bind-lookups.ts';
import type { LookupReader } from './bind-lookups.ts';
import { listRuleVersions } from './list-rules.ts';
import { planSave, requireExpected } from './save-rule.ts';
import type { DetectionRule } from './schema.ts';

interface RollbackOptions {
  /** Whose body comes back. */
  version: number;
  reason: string;
  /** The version the caller saw; another one → `precondition_failed`. */
  if_version?: number | undefined;
  /** Lets an enabled rule go back to a body that its tests would not let live. */
  override_tests?: boolean | undefined;
  /** Where the rule finds the lookup tables it names; without it there are none. */
  lookups?: LookupReader | undefined;
}

/**
 * Makes a new version with the body of an old one. The state stays as it is: a rollback changes what a
 * rule says, not whether it runs. Throws `not_found`, `invalid_input` (an archived rule, tests that
 * fail), `precondition_failed`, `conflict`, `forbidden`.
 */
export async function rollbackRule(
  store: RuleStore,
  context: Context,
  ruleId: string,
  options: RollbackOptions,
): Promise<DetectionRule> {
  requireScope(context, 'sentry.policy.write');
  const [before, ...older] = await listRuleVersions(store, context, ruleId);
  requireExpected(before, { if_version: options.if_version });
  const old = [before!, ...older].find(({ version }) => version === options.version);
  if (old === undefined)
    throw new SentryError('not_found', `Rule "${ruleId}" has no version ${options.version}.`);
  if (before!.state === 'ARCHIVED')
    throw new SentryError('invalid_input', 'An archived rule is first restored to DRAFT.', {
      issues: [{ path: 'state', message: 'save it with state DRAFT first' }],
    });
  const body = { ...old, state: before!.state, reason: options.reason };
  const change = planSave(context, before, body, {
    override_tests: options.override_tests,
    rolled_back_to: options.version,
    tables: await requireTables(options.lookups, context.tenant, body),
  });
  if (change === undefined) return before!;
  await store.save(context.tenant, change);
  return change.rule;
}
