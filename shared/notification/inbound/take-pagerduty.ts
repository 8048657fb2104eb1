import { acknowledge } from '#shared/alert/acknowledge.ts';
import { resolve } from '#shared/alert/resolve.ts';
import type { Alert } from '#shared/alert/schema.ts';
import { unacknowledge } from '#shared/alert/unacknowledge.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { digestUuid } from '#shared/kernel/id.ts';
import type { ChannelStateStore } from '#shared/ports/channel-state-store.ts';
import { tryCommit } from '#shared/notification/try-commit.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';

import { mergedKeys, rememberMerge } from './merged.ts';
import type { PagerDutyEvent } from './pagerduty-event.ts';
import { quietWork } from './quiet-work.ts';
import type { Taken } from './taken.ts';

export interface TakePorts {
  work: WorkStore;
  states: ChannelStateStore;
  policies: Parameters<typeof unacknowledge>[0]['policies'];
}

export interface TakenEvent {
  outcome: Taken;
  alerts: { alert_id: string; outcome: Taken }[];
}

const INTENTS = {
  acknowledge: 'acknowledge',
  unacknowledge: 'trigger',
  resolve: 'resolve',
} as const;

/**
 * Does with our alerts what people did with their incidents in PagerDuty; `ctx` acts as the person
 * there. Applying it twice changes nothing. A merge resolves no alert: it lives on in the other
 * incident, whose news then are its own. Throws `unavailable` when a store fails, so that PagerDuty comes again.
 */
export async function takePagerDuty(
  ctx: Context,
  ports: TakePorts,
  channelId: string,
  event: PagerDutyEvent,
): Promise<TakenEvent> {
  const at = ctx.now();
  await ports.states.count(ctx.tenant, channelId, { counter: 'heard', at, words: event.type });
  if (event.action === undefined) return { outcome: 'ignored', alerts: [] };
  if (event.by_integration) return { outcome: 'own', alerts: [] };
  const holder = { tenant: ctx.tenant, channel_id: channelId };
  const joined = event.incident_id ? await mergedKeys(ports.states, holder, event.incident_id) : [];
  const keys = [...new Set([...event.keys, ...joined])];
  if (event.action === 'merge' && event.merged_into !== undefined)
    await rememberMerge(ports.states, holder, event.merged_into, keys, at);
  const alerts: TakenEvent['alerts'] = [];
  for (const alert of await ports.work.getAlerts(ctx.tenant, keys))
    if (alert)
      alerts.push({
        alert_id: alert.alert_id,
        outcome: await applyTo(ctx, ports, channelId, event, alert),
      });
  if (alerts.length > 0) return { outcome: alerts[0]!.outcome, alerts };
  await ports.states.count(ctx.tenant, channelId, { counter: 'unknown', at, words: event.type });
  return { outcome: 'unknown', alerts };
}

async function applyTo(
  ctx: Context,
  ports: TakePorts,
  channelId: string,
  event: PagerDutyEvent,
  alert: Alert,
): Promise<Taken> {
  const { action } = event;
  if (alert.reopened_at !== undefined && event.occurred_at < Date.parse(alert.reopened_at))
    return 'stale';
  if (action === undefined || action === 'note' || action === 'merge')
    return await note(ctx, ports, event, alert);
  const said = {
    channel_id: channelId,
    intent: INTENTS[action],
    at: new Date(ctx.now()).toISOString(),
  };
  const quiet = { ...ports, work: quietWork(ports.work, said) };
  const verbs = { acknowledge, unacknowledge, resolve };
  try {
    const now = await verbs[action](quiet, ctx, alert.alert_id, { reason: 'in PagerDuty' });
    return now.revision === alert.revision ? 'unchanged' : 'applied';
  } catch (error) {
    if (!(error instanceof SentryError) || error.code !== 'conflict') throw error;
    if ((error.current as Partial<Alert> | undefined)?.state === 'RESOLVED') return 'refused';
    // A race that was lost five times: PagerDuty is to come again.
    throw new SentryError('unavailable', 'The alert keeps changing.', { cause: error });
  }
}

/** A line in the alert's history; once, however often it is told. */
async function note(
  ctx: Context,
  ports: TakePorts,
  event: PagerDutyEvent,
  alert: Alert,
): Promise<Taken> {
  const { event_id, type, incident_id, merged_into } = event;
  const entry = {
    entry_id: digestUuid('pagerduty.noted', ctx.tenant, alert.alert_id, event_id),
    tenant: ctx.tenant,
    subject: { kind: 'alert', id: alert.alert_id },
    action: 'pagerduty.noted',
    actor: ctx.actor,
    at: new Date(ctx.now()).toISOString(),
    after: {
      type,
      ...(incident_id !== undefined && { incident_id }),
      ...(merged_into !== undefined && { merged_into }),
    },
    correlation_id: ctx.correlation_id,
    security_level: 'internal',
  } as const;
  // A conflict says that the entry is there already.
  await tryCommit(ports.work, { changes: [], journal: [entry], outbox: [] });
  return 'noted';
}
