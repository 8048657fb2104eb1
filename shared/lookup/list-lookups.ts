import { requireScope } from '#shared/access/scope.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { LookupStore } from '#shared/ports/lookup-store.ts';

import type { Lookup, LookupHead } from './schema.ts';

/** Every table that is there, by name, without its keys. */
export async function listLookups(store: LookupStore, context: Context): Promise<LookupHead[]> {
  requireScope(context, 'sentry.policy.read');
  const heads = await store.list(context.tenant);
  return heads.filter((head) => head.removed_at === undefined);
}

/** One table with its keys. Throws `not_found`. */
export async function getLookup(
  store: LookupStore,
  context: Context,
  name: string,
): Promise<Lookup> {
  requireScope(context, 'sentry.policy.read');
  const lookup = await store.get(context.tenant, name);
  if (lookup === undefined || lookup.removed_at !== undefined)
    throw new SentryError('not_found', `There is no lookup table "${name}".`);
  return lookup;
}
