import type { Alert } from '#shared/alert/schema.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { ChannelConfig, Delivery, Intent } from '#shared/notification/schema.ts';
import type { SendOutcome } from '#shared/ports/channel-sender.ts';

import { claim, release, settle } from './attempt.ts';
import { decide } from './decide.ts';
import type { DeliverPorts, DeliveryReport } from './deliver-ports.ts';
import { findChannel } from './find-channel.ts';
import { idempotencyKey } from './idempotency-key.ts';
import { record } from './record.ts';
import { tryCommit } from './try-commit.ts';

/** How often a row that keeps changing is read again to give its lease back. */
const GIVE_BACK_ROUNDS_MAX = 5;

async function speak(
  ctx: Context,
  ports: DeliverPorts,
  delivery: Delivery,
  intent: Intent,
  alert: Alert,
  channel: ChannelConfig | undefined,
): Promise<SendOutcome> {
  if (channel === undefined)
    return { kind: 'permanent', error: `there is no channel ${delivery.destination}` };
  if (channel.channel !== delivery.channel)
    return {
      kind: 'permanent',
      error: `${delivery.destination} is no ${delivery.channel} channel`,
    };
  const link = `${ports.dashboardOrigin}/alerts/${encodeURIComponent(delivery.alert_id)}`;
  const at = new Date(ctx.now()).toISOString();
  const idempotency_key = idempotencyKey(delivery, intent);
  try {
    return await ports.sender.send({ intent, alert, delivery, channel, link, at, idempotency_key });
  } catch (error) {
    if (error instanceof SentryError)
      return { kind: 'retryable', error: error.message, may_have_arrived: false };
    return { kind: 'retryable', error: 'the sender failed', may_have_arrived: true };
  }
}

/** Why the claimed message must not go after all; undefined when it must. */
function needless(
  claimed: Delivery,
  alert: Alert | undefined,
  channel: ChannelConfig | undefined,
  now: number,
): string | undefined {
  if (alert === undefined) return 'gone';
  if (channel?.enabled === false) return 'the channel is switched off';
  const decision = decide(claimed, alert, now, claimed.lease_owner);
  if (decision.kind === 'send') return undefined;
  return 'reason' in decision ? decision.reason : decision.kind;
}

/**
 * Gives a claim back of which nothing came: the row is settled with the reason, or left owing when
 * something else is desired by now. Either way `tried` is again what it was, because nothing was sent.
 */
async function giveBack(
  ctx: Context,
  ports: DeliverPorts,
  claimed: Delivery,
  triedBefore: Intent | undefined,
  reason: string,
): Promise<DeliveryReport> {
  const { delivery_key, tenant, alert_id, step, destination } = claimed;
  const owner = claimed.lease_owner ?? '';
  let row: Delivery | undefined = claimed;
  for (let round = 0; round < GIVE_BACK_ROUNDS_MAX; round++) {
    if (round > 0) row = await ports.work.getDelivery(tenant, alert_id, step, destination);
    if (row === undefined || row.lease_owner !== owner) break;
    const untried = { ...row, tried: triedBefore };
    const same = row.desired === claimed.desired && row.desired_at === claimed.desired_at;
    const now = ctx.now();
    const next = same ? settle(untried, owner, reason, now) : release(untried, owner, now);
    const change = { kind: 'delivery', row: next, expected: row.revision } as const;
    if (await tryCommit(ports.work, { changes: [change], journal: [], outbox: [] }))
      return same ? { delivery_key, kind: 'settled', reason } : { delivery_key, kind: 'contended' };
  }
  return { delivery_key, kind: 'contended' };
}

/**
 * One attempt at one delivery: claim under a lease, read the alert again so that nothing is sent
 * that an acknowledgement just made needless, send, record. A crash in between leaves the lease to
 * run out and the sweep to come; the next attempt carries the same key (reliability.md §5).
 */
export async function attemptOnce(
  ctx: Context,
  ports: DeliverPorts,
  row: Delivery,
  intent: Intent,
  owner: string,
): Promise<DeliveryReport> {
  const { delivery_key, tenant, alert_id } = row;
  const channel = await findChannel(ports.channels, tenant, row.destination);
  const claimed = claim(row, owner, intent, ctx.now());
  const took = { kind: 'delivery', row: claimed, expected: row.revision } as const;
  if (!(await tryCommit(ports.work, { changes: [took], journal: [], outbox: [] })))
    return { delivery_key, kind: 'contended' };

  const alert = await ports.work.getAlert(tenant, alert_id);
  const why = needless(claimed, alert, channel, ctx.now());
  if (alert === undefined || why !== undefined)
    return await giveBack(ctx, ports, claimed, row.tried, `not needed: ${why}`);
  const outcome = await speak(ctx, ports, claimed, intent, alert, channel);
  const finished = { owner, intent, triedBefore: row.tried, outcome, alert, channel };
  return await record(ctx, ports, claimed, finished);
}
