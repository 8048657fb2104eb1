import { acknowledge } from '#shared/alert/acknowledge.ts';
import { resolve } from '#shared/alert/resolve.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';

import type { SlackPress } from './slack-press.ts';
import type { TakenEvent, TakePorts } from './take-pagerduty.ts';
import type { Taken } from './taken.ts';

/**
 * Does to the alert what somebody pressed in Slack; `ctx` acts as that person. Applying it twice changes
 * nothing. Slack is told like every channel: with a bot the message itself changes. Throws
 * `unavailable` when a store fails, so that the press can be repeated.
 */
export async function takeSlack(
  ctx: Context,
  ports: TakePorts,
  channelId: string,
  press: SlackPress,
): Promise<TakenEvent> {
  const { action, alert_id } = press;
  if (action === undefined || alert_id === undefined) return { outcome: 'ignored', alerts: [] };
  const said = { counter: 'heard', at: ctx.now(), words: action } as const;
  await ports.states.count(ctx.tenant, channelId, said);
  const outcome = await apply(ctx, ports, action, alert_id);
  return { outcome, alerts: outcome === 'unknown' ? [] : [{ alert_id, outcome }] };
}

async function apply(
  ctx: Context,
  ports: TakePorts,
  action: 'acknowledge' | 'resolve',
  alertId: string,
): Promise<Taken> {
  const before = await ports.work.getAlert(ctx.tenant, alertId);
  if (!before) return 'unknown';
  const verbs = { acknowledge, resolve };
  try {
    const after = await verbs[action](ports, ctx, alertId, { reason: 'in Slack' });
    return after.revision === before.revision ? 'unchanged' : 'applied';
  } catch (error) {
    if (!(error instanceof SentryError) || error.code !== 'conflict') throw error;
    return 'refused';
  }
}
