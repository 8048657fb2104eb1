import type { JournalEntry, OutboxRow } from '#shared/audit/schema.ts';
import type { Context } from '#shared/kernel/context.ts';
import { digestUuid } from '#shared/kernel/id.ts';
import { announce as announceOutbox } from '#shared/outbox/announce.ts';

import type { Alert } from './schema.ts';

/** One thing that happened to an alert, as the journal and the bus are told of it. */
export interface Happening {
  /** Journal action, e.g. `alert.acknowledge`. */
  action: string;
  /** Envelope type, e.g. `alert.acknowledged`. */
  type: string;
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
  reason?: string;
  /** Tells apart what may happen several times at one version of the alert. */
  occasion?: string;
  /** Channels with something owed. */
  channels: readonly string[];
}

/** Who acts in which tenant; the part of a Context that the journal needs. */
export type Acting = Pick<Context, 'actor' | 'correlation_id' | 'ip_address'>;

/**
 * The journal entry and outbox row of a change. Their ids follow from alert, action and version, so the
 * same change decided twice is the same rows. `at` is RFC 3339; `alert` is how it stands afterwards.
 */
export function announce(
  alert: Alert,
  happening: Happening,
  acting: Acting,
  at: string,
): { journal: JournalEntry[]; outbox: OutboxRow[] } {
  const { version: number } = alert;
  const version =
    happening.occasion === undefined ? `${number}` : `${number}|${happening.occasion}`;
  const entry: JournalEntry = {
    entry_id: digestUuid('journal', alert.alert_id, happening.action, version),
    tenant: alert.tenant,
    subject: { kind: 'alert', id: alert.alert_id },
    action: happening.action,
    actor: acting.actor,
    at,
    ...(happening.before && { before: happening.before }),
    ...(happening.after && { after: happening.after }),
    ...(happening.reason !== undefined && { reason: happening.reason }),
    correlation_id: acting.correlation_id,
    ...(acting.ip_address !== undefined && { ip_address: acting.ip_address }),
    security_level: 'internal',
  };
  const row = announceOutbox({
    tenant: alert.tenant,
    type: happening.type,
    source: 'sentry.alert',
    payload: { tenant: alert.tenant, alert, channels: happening.channels },
    correlation_id: acting.correlation_id,
    at: Date.parse(at),
    identity: [alert.alert_id, happening.type, version],
  });
  return { journal: [entry], outbox: [row] };
}
