import { requireScope } from '#shared/access/scope.ts';
import { changedFields } from '#shared/audit/describe-change.ts';
import { STAMPS } from '#shared/document/kind.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';

import type { PolicyImport, PolicyOutcome } from './document-schema.ts';
import { checkPolicy, type PolicyStores, savePolicy } from './save-policy.ts';
import type { EscalationPolicy } from './schema.ts';

interface ImportOptions {
  /** Says what would happen and writes nothing. */
  dry_run: boolean;
  reason?: string | undefined;
}

interface Planned {
  item: PolicyOutcome;
  policy?: EscalationPolicy;
}

/**
 * Makes the given policies the newest versions of those of their ids; others stay. Every one is checked
 * before the first is written, and one refused keeps all from being written. They are then written one
 * by one; after `unavailable` or `conflict` the same import goes on where it stopped, because what
 * stands there already is `unchanged`. Needs sentry.policy.write.
 */
export async function importPolicies(
  stores: PolicyStores,
  context: Context,
  drafts: readonly unknown[],
  options: ImportOptions,
): Promise<PolicyImport> {
  requireScope(context, 'sentry.policy.write');
  const planned: Planned[] = [];
  for (const [index, draft] of drafts.entries())
    planned.push(await planImport(stores, context, index, draft, planned));
  const items = planned.map(({ item }) => item);
  if (options.dry_run || items.some(({ outcome }) => outcome === 'refused'))
    return { applied: false, items };
  for (const { policy, item } of planned)
    if (policy && item.outcome !== 'unchanged')
      await savePolicy(stores, context, policy, { reason: options.reason });
  return { applied: true, items };
}

async function planImport(
  stores: PolicyStores,
  context: Context,
  index: number,
  draft: unknown,
  former: readonly Planned[],
): Promise<Planned> {
  const given = (draft as { policy_id?: unknown } | null)?.policy_id;
  const named = { index, ...(typeof given === 'string' && { policy_id: given.slice(0, 64) }) };
  try {
    const policy = await checkPolicy(stores, context.tenant, draft);
    if (former.some(({ item }) => item.policy_id === policy.policy_id)) {
      const message = 'stands in this document before';
      return { item: { ...named, outcome: 'refused', issues: [{ path: 'policy_id', message }] } };
    }
    const before = await stores.policies.get(context.tenant, policy.policy_id);
    const outcome =
      !before || before.removed ? 'created' : same(before, policy) ? 'unchanged' : 'updated';
    return { item: { ...named, outcome, issues: [] }, policy };
  } catch (error) {
    if (!(error instanceof SentryError) || error.code !== 'invalid_input') throw error;
    return { item: { ...named, outcome: 'refused', issues: [...error.issues] } };
  }
}

function same(before: EscalationPolicy, after: EscalationPolicy): boolean {
  return changedFields(before, after, STAMPS).length === 0;
}
