import { requireScope } from '#shared/access/scope.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { LookupStore } from '#shared/ports/lookup-store.ts';

import { recordLookup } from './record-lookup.ts';
import { headOf, Lookup } from './schema.ts';

/** A table as it is sent; the rest of it is the server's. */
export interface LookupDraft {
  name: string;
  /** As `readKeys` gives them. */
  keys: readonly string[];
  /** Stays as it is unless told. */
  description?: string | undefined;
  reason?: string | undefined;
  /** The version the caller saw; another one → `precondition_failed`. */
  if_version?: number | undefined;
}

/**
 * Makes the keys the newest version of the table, which detectors use within seconds. Saving what is
 * there already changes nothing and returns it. Throws `invalid_input`, `precondition_failed` and
 * `conflict` with the stored table as `current`, `forbidden`.
 */
export async function saveLookup(
  store: LookupStore,
  context: Context,
  draft: LookupDraft,
): Promise<Lookup> {
  requireScope(context, 'sentry.policy.write');
  requireName(draft.name);
  const before = await store.get(context.tenant, draft.name);
  requireSeen(before, draft);
  const isThere = before !== undefined && before.removed_at === undefined;
  const description = draft.description ?? (isThere ? before.description : '');
  if (isThere && before.description === description && sameKeys(before.keys, draft.keys))
    return before;
  const now = new Date(context.now()).toISOString();
  const lookup: Lookup = {
    name: draft.name,
    description,
    size: draft.keys.length,
    version: (before?.version ?? 0) + 1,
    author: context.actor,
    reason: draft.reason ?? '',
    created_at: isThere ? before.created_at : now,
    updated_at: now,
    keys: [...draft.keys],
  };
  const action = isThere ? 'lookup.update' : 'lookup.create';
  await store.save(context.tenant, recordLookup(context, before, lookup, action));
  return lookup;
}

function requireName(name: string): void {
  if (Lookup.shape.name.safeParse(name).success) return;
  const message = 'A name has small letters, digits and dashes, 64 at most.';
  throw new SentryError('invalid_input', message, { issues: [{ path: 'name', message }] });
}

/** Throws unless the stored table is the one the caller means. */
export function requireSeen(
  before: Lookup | undefined,
  { if_version }: { if_version?: number | undefined },
): void {
  const stored = before?.version ?? 0;
  if (if_version === undefined || if_version === stored) return;
  throw new SentryError(
    'precondition_failed',
    `You saw version ${if_version}; the lookup table is at version ${stored} now.`,
    { current: before && headOf(before) },
  );
}

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key, index) => key === b[index]);
}
