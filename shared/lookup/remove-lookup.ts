import { requireScope } from '#shared/access/scope.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { LookupStore } from '#shared/ports/lookup-store.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';
import { lookupNames } from '#shared/rule/bind-lookups.ts';

import { getLookup } from './list-lookups.ts';
import { recordLookup } from './record-lookup.ts';
import { requireSeen } from './save-lookup.ts';
import type { Lookup } from './schema.ts';

/** Rules named in a refusal. */
const NAMED_MAX = 10;

/**
 * Takes a table away. Refused (`conflict`, naming them) while rules that are not archived use it. One
 * saved in the same instant is not seen: it then breaks, and says so. Throws `not_found`,
 * `precondition_failed`, `conflict`, `forbidden`.
 */
export async function removeLookup(
  stores: { lookups: LookupStore; rules: Pick<RuleStore, 'list'> },
  context: Context,
  name: string,
  options: { reason?: string | undefined; if_version?: number | undefined } = {},
): Promise<Lookup> {
  requireScope(context, 'sentry.policy.write');
  const before = await getLookup(stores.lookups, context, name);
  requireSeen(before, options);
  const users = (await stores.rules.list(context.tenant))
    .filter((rule) => rule.state !== 'ARCHIVED' && lookupNames(rule).includes(name))
    .map(({ rule_id }) => rule_id);
  if (users.length > 0) {
    const named = users.slice(0, NAMED_MAX).join(', ');
    const more = users.length > NAMED_MAX ? ` and ${users.length - NAMED_MAX} more` : '';
    throw new SentryError(
      'conflict',
      `The lookup table "${name}" is used by ${named}${more}; change or archive these rules first.`,
    );
  }
  const now = new Date(context.now()).toISOString();
  const lookup: Lookup = {
    ...before,
    size: 0,
    version: before.version + 1,
    author: context.actor,
    reason: options.reason ?? '',
    updated_at: now,
    removed_at: now,
    keys: [],
  };
  await stores.lookups.save(context.tenant, recordLookup(context, before, lookup, 'lookup.remove'));
  return lookup;
}
