import type { Alert } from '#shared/alert/schema.ts';
import type { Context } from '#shared/kernel/context.ts';
import type { ChannelConfig, Delivery, Intent } from '#shared/notification/schema.ts';
import type { SendOutcome } from '#shared/ports/channel-sender.ts';

import { claim } from './attempt.ts';
import { decide } from './decide.ts';
import type { DeliverPorts } from './deliver-ports.ts';
import { readDeliveryKey } from './read-delivery-key.ts';
import { record } from './record.ts';
import { tryCommit } from './try-commit.ts';

/** A delivery that goes in another's message, claimed like any. */
export interface Companion {
  claimed: Delivery;
  triedBefore: Intent | undefined;
  alert: Alert;
}

/**
 * Claims what waits for the same channel and is still needed. What cannot be claimed, is CRITICAL by
 * now, or is no first word to its receiver, goes its own way.
 */
export async function gather(
  ctx: Context,
  ports: Pick<DeliverPorts, 'work'>,
  carrier: Delivery,
  intent: Intent,
  keys: readonly string[],
): Promise<Companion[]> {
  const found = await Promise.all(keys.map((key) => claimOne(ctx, ports, carrier, intent, key)));
  return found.filter((one) => one !== undefined);
}

async function claimOne(
  ctx: Context,
  ports: Pick<DeliverPorts, 'work'>,
  { tenant, destination, lease_owner: owner = '' }: Delivery,
  intent: Intent,
  key: string,
): Promise<Companion | undefined> {
  const { alert_id = '', step = 0 } = readDeliveryKey(key) ?? {};
  const row = await ports.work.getDelivery(tenant, alert_id, step, destination);
  if (row?.next_attempt_at === undefined || row.desired !== intent) return undefined;
  const now = ctx.now();
  const at = new Date(now).toISOString();
  // It is taken before its own turn.
  const due = { ...row, next_attempt_at: at < row.next_attempt_at ? at : row.next_attempt_at };
  const before = await ports.work.getAlert(tenant, alert_id);
  if (!before || (before.severity === 'CRITICAL' && intent === 'trigger')) return undefined;
  if (decide(due, before, now).kind !== 'send') return undefined;
  const claimed = claim(row, owner, intent, now);
  const took = { kind: 'delivery', row: claimed, expected: row.revision } as const;
  if (!(await tryCommit(ports.work, { changes: [took], journal: [], outbox: [] })))
    return undefined;
  const alert = await ports.work.getAlert(tenant, alert_id);
  // An acknowledgement in between leaves the claim to its lease: the sweep settles it.
  return alert?.state === before.state ? { claimed, triedBefore: row.tried, alert } : undefined;
}

/** Writes the one outcome into every delivery that shared the message. Throws `unavailable` when one could not be. */
export async function recordCompanions(
  ctx: Context,
  ports: DeliverPorts,
  companions: readonly Companion[],
  intent: Intent,
  outcome: SendOutcome,
  channel: ChannelConfig | undefined,
): Promise<void> {
  const ends = await Promise.allSettled(
    companions.map(({ claimed, triedBefore, alert }) => {
      const owner = claimed.lease_owner ?? '';
      const { message } = claimed;
      const attempt = { owner, intent, triedBefore, message, outcome, alert, channel };
      return record(ctx, ports, claimed, attempt);
    }),
  );
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}
