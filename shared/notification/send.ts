import type { Alert } from '#shared/alert/schema.ts';
import { isGroupAlert } from '#shared/grouping/group-of.ts';
import { type NamedAlerts, readNamed } from '#shared/grouping/read-named.ts';
import { ESCALATION_RULE_ID } from '#shared/incident/escalation-alert.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { Severity } from '#shared/kernel/severity.ts';
import type { ChannelConfig, Delivery, Intent } from '#shared/notification/schema.ts';
import type { SendOutcome } from '#shared/ports/channel-sender.ts';

import { askTurn } from './ask-turn.ts';
import { claim } from './attempt.ts';
import { decide } from './decide.ts';
import type { DeliverPorts, DeliveryReport } from './deliver-ports.ts';
import { type Companion, gather, recordCompanions } from './digest.ts';
import { findChannel } from './find-channel.ts';
import { putOff, settleBack } from './give-back.ts';
import { idempotencyKey } from './idempotency-key.ts';
import { record } from './record.ts';
import { tryCommit } from './try-commit.ts';

async function speak(
  ctx: Context,
  ports: DeliverPorts,
  delivery: Delivery,
  intent: Intent,
  alert: Alert,
  channel: ChannelConfig | undefined,
  companions: readonly Companion[],
  named: NamedAlerts | undefined,
): Promise<SendOutcome> {
  if (channel === undefined)
    return { kind: 'permanent', error: `there is no channel ${delivery.destination}` };
  if (channel.channel !== delivery.channel)
    return {
      kind: 'permanent',
      error: `${delivery.destination} is no ${delivery.channel} channel`,
    };
  const linkOf = (one: Alert) => `${ports.dashboardOrigin}${screenOf(one)}`;
  const link = linkOf(alert);
  const more = companions.map((one) => ({ alert: one.alert, link: linkOf(one.alert) }));
  const at = new Date(ctx.now()).toISOString();
  const idempotency_key = idempotencyKey(delivery, intent);
  try {
    const withLink = (one: Alert) => ({ alert: one, link: linkOf(one) });
    const members = named && {
      ...named,
      firing: named.firing.map(withLink),
      resolved: named.resolved.map(withLink),
    };
    const said = { intent, alert, delivery, channel, link, at, idempotency_key };
    const notice = { ...said, ...(members && { members }) };
    const outcome = await ports.sender.send(more.length === 0 ? notice : { ...notice, more });
    if (outcome.kind !== 'delivered' || more.length === 0) return outcome;
    // A digest stands for many: no later word of one of them may change it.
    const receipt = `${outcome.receipt}, in a digest of ${more.length + 1}`;
    return { kind: 'delivered', receipt };
  } catch (error) {
    if (error instanceof SentryError)
      return { kind: 'retryable', error: error.message, may_have_arrived: false };
    return { kind: 'retryable', error: 'the sender failed', may_have_arrived: true };
  }
}

/** Where a receiver is led: to the incident by what its escalation made, to the alert by all others. */
function screenOf({ alert_id, incident_id, rule_id }: Alert): string {
  return rule_id === ESCALATION_RULE_ID && incident_id !== undefined
    ? `/incidents/${encodeURIComponent(incident_id)}`
    : `/alerts/${encodeURIComponent(alert_id)}`;
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
 * One attempt at one delivery: claim under a lease, keep the receiver's pace, read the alert again so
 * that nothing is sent that an acknowledgement just made needless, send, record. A crash in between leaves the lease to
 * run out and the sweep to come; the next attempt carries the same key (reliability.md §5).
 */
export async function attemptOnce(
  ctx: Context,
  ports: DeliverPorts,
  row: Delivery,
  { intent, owner, severity }: { intent: Intent; owner: string; severity: Severity },
): Promise<DeliveryReport> {
  const { delivery_key, tenant, alert_id } = row;
  const channel = await findChannel(ports.channels, tenant, row.destination);
  const claimed = claim(row, owner, intent, ctx.now());
  const took = { kind: 'delivery', row: claimed, expected: row.revision } as const;
  if (!(await tryCommit(ports.work, { changes: [took], journal: [], outbox: [] })))
    return { delivery_key, kind: 'contended' };

  const turn = await askTurn(ctx, ports.states, claimed, severity, intent);
  if (turn.kind === 'wait') return await putOff(ctx, ports, claimed, row.tried, turn.until);
  // The last look at the alert comes after every wait but the send itself.
  const alert = await ports.work.getAlert(tenant, alert_id);
  const why = needless(claimed, alert, channel, ctx.now());
  if (alert === undefined || why !== undefined)
    return await settleBack(ctx, ports, claimed, row.tried, `not needed: ${why}`);
  const [companions, named] = await Promise.all([
    gather(ctx, ports, claimed, intent, turn.together),
    isGroupAlert(alert) ? readNamed(ports.work, alert) : undefined,
  ]);
  const outcome = await speak(ctx, ports, claimed, intent, alert, channel, companions, named);
  const { message } = claimed;
  const finished = { owner, intent, triedBefore: row.tried, message, outcome, alert, channel };
  const [report] = await Promise.all([
    record(ctx, ports, claimed, finished),
    recordCompanions(ctx, ports, companions, intent, outcome, channel),
  ]);
  return turn.fault === undefined ? report : { ...report, health_error: turn.fault };
}
