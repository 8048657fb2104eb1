import type { Envelope } from '#shared/audit/schema.ts';
import type { Context } from '#shared/kernel/context.ts';
import type { Channel } from '#shared/notification/schema.ts';
import { announce } from '#shared/outbox/announce.ts';

/** Starts the notifiers of some channels for one alert; they look for themselves what they owe. */
export function dueEnvelope(
  ctx: Pick<Context, 'now' | 'correlation_id'>,
  due: { tenant: string; alert_id: string; channels: readonly Channel[] },
): Envelope {
  const at = ctx.now();
  const { tenant, alert_id, channels } = due;
  return announce({
    tenant,
    type: 'delivery.due',
    source: 'sentry.escalation',
    payload: { tenant, alert: { alert_id }, channels: [...channels] },
    correlation_id: ctx.correlation_id,
    at,
    identity: [alert_id, channels.join(','), String(at)],
  }).envelope;
}
