import type { JournalEntry, OutboxRow } from '#shared/audit/schema.ts';
import type { Context } from '#shared/kernel/context.ts';
import { digestUuid } from '#shared/kernel/id.ts';
import type { Channel, Delivery, Intent } from '#shared/notification/schema.ts';
import { announce } from '#shared/outbox/announce.ts';

/** What happened to a delivery, as journal and screens name it. */
export type DeliveryNews = 'sent' | 'failed' | 'dead' | 'redriven';

/** What screens are shown of a delivery: all but the lease. */
function shown(row: Delivery): Partial<Delivery> {
  const { lease_owner: _owner, lease_until: _until, ...rest } = row;
  return rest;
}

/**
 * The journal entry and the announcement that belong into the commit of `row`. The same row revision
 * gives the same ids, so a repeated commit cannot be told twice. `wake` names channels to be started.
 */
export function account(
  ctx: Context,
  news: DeliveryNews,
  row: Delivery,
  intent: Intent,
  wake: readonly Channel[] = [],
): { journal: JournalEntry[]; outbox: OutboxRow[] } {
  const at = ctx.now();
  const identity = [row.delivery_key, String(row.revision)];
  const { channel, destination, step, receipt, last_error, attempts } = row;
  const words = news === 'sent' ? { receipt } : news === 'redriven' ? {} : { error: last_error };
  return {
    journal: [
      {
        entry_id: digestUuid(`notification.${news}`, row.tenant, ...identity),
        tenant: row.tenant,
        subject: { kind: 'alert', id: row.alert_id },
        action: `notification.${news}`,
        actor: ctx.actor,
        at: new Date(at).toISOString(),
        after: { channel, destination, step, intent, attempts, ...words },
        correlation_id: ctx.correlation_id,
        security_level: 'internal',
      },
    ],
    outbox: [
      announce({
        tenant: row.tenant,
        type: `delivery.${news}`,
        source: 'sentry.notification',
        payload: {
          tenant: row.tenant,
          alert: { alert_id: row.alert_id },
          delivery: shown(row),
          channels: [...wake],
        },
        correlation_id: ctx.correlation_id,
        at,
        identity,
      }),
    ],
  };
}
