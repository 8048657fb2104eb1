import type { Context } from '#shared/kernel/context.ts';

import type { JournalEntry } from './schema.ts';

interface Described {
  subject: JournalEntry['subject'];
  action: string;
  /** RFC 3339. */
  at: string;
  before?: Record<string, unknown> | undefined;
  after: Record<string, unknown>;
  /** Goes in unless it is empty. */
  reason?: string | undefined;
}

/** The journal entry of a change of configuration, by the one who made it and from where. */
export function describeChange(context: Context, change: Described): JournalEntry {
  const { subject, action, at, before, after, reason = '' } = change;
  return {
    entry_id: context.newId(),
    tenant: context.tenant,
    subject,
    action,
    actor: context.actor,
    at,
    ...(before !== undefined && { before }),
    after,
    ...(reason !== '' && { reason }),
    correlation_id: context.correlation_id,
    ...(context.ip_address !== undefined && { ip_address: context.ip_address }),
    security_level: 'internal',
  };
}

/** The names of the fields in which two versions differ, those in `stamps` apart. */
export function changedFields(
  before: object,
  after: object,
  stamps: ReadonlySet<string>,
): string[] {
  const former = new Map(Object.entries(before));
  const next = new Map(Object.entries(after));
  return [...new Set([...former.keys(), ...next.keys()])].filter(
    (name) =>
      !stamps.has(name) && JSON.stringify(former.get(name)) !== JSON.stringify(next.get(name)),
  );
}
