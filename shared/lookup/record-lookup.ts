import { describeChange } from '#shared/audit/describe-change.ts';
import type { Context } from '#shared/kernel/context.ts';
import { digestId } from '#shared/kernel/id.ts';
import { announce } from '#shared/outbox/announce.ts';
import type { LookupChange } from '#shared/ports/lookup-store.ts';

import type { Lookup } from './schema.ts';

/**
 * A new version with its journal entry and its announcement `lookup.saved`. Keys may be people: the
 * journal says how many came and went and what they hash to, never which.
 */
export function recordLookup(
  context: Context,
  before: Lookup | undefined,
  lookup: Lookup,
  action: 'lookup.create' | 'lookup.update' | 'lookup.remove',
): LookupChange {
  const { name, version, size } = lookup;
  const entry = describeChange(context, {
    subject: { kind: 'lookup', id: name },
    action,
    at: lookup.updated_at,
    before: before && partOf(before),
    after: {
      ...partOf(lookup),
      added: missingFrom(before?.keys ?? [], lookup.keys),
      removed: missingFrom(lookup.keys, before?.keys ?? []),
    },
    reason: lookup.reason,
  });
  const row = announce({
    tenant: context.tenant,
    type: 'lookup.saved',
    source: 'sentry.lookup',
    payload: { tenant: context.tenant, lookup: { name, version, size } },
    correlation_id: context.correlation_id,
    at: Date.parse(lookup.updated_at),
    identity: [name, String(version)],
  });
  return { lookup, expected: before?.version ?? 0, journal: [entry], outbox: [row] };
}

function partOf({ version, size, description, keys }: Lookup): Record<string, unknown> {
  return { version, size, description, keys_digest: digestId(...keys) };
}

/** How many of `keys` are not among `others`. */
function missingFrom(others: readonly string[], keys: readonly string[]): number {
  const known = new Set(others);
  return keys.filter((key) => !known.has(key)).length;
}
