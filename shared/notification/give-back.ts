import type { Context } from '#shared/kernel/context.ts';
import type { Delivery, Intent } from '#shared/notification/schema.ts';

import { release, settle } from './attempt.ts';
import type { DeliverPorts, DeliveryReport } from './deliver-ports.ts';
import { tryCommit } from './try-commit.ts';

/** How often a row that keeps changing is read again to give its lease back. */
const ROUNDS_MAX = 5;

/**
 * Gives a claim back of which nothing came: `make` says what the row is to be, unless the
 * row changed meanwhile: what it owes by now is then left to whoever looks next. Either way `tried` is again what it was, because
 * nothing was sent. Undefined when somebody else holds the row.
 */
async function giveBack(
  ctx: Context,
  ports: Pick<DeliverPorts, 'work'>,
  claimed: Delivery,
  triedBefore: Intent | undefined,
  make: (row: Delivery, owner: string, now: number) => Delivery,
): Promise<'made' | 'left' | undefined> {
  const { tenant, alert_id, step, destination, lease_owner: owner = '' } = claimed;
  let row: Delivery | undefined = claimed;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    if (round > 0) row = await ports.work.getDelivery(tenant, alert_id, step, destination);
    if (row === undefined || row.lease_owner !== owner) return undefined;
    const untried = { ...row, tried: triedBefore };
    // A row that changed since the claim may ask for the same again, of a later state of its alert.
    const same = round === 0;
    const now = ctx.now();
    const next = same ? make(untried, owner, now) : release(untried, owner, now);
    const change = { kind: 'delivery', row: next, expected: row.revision } as const;
    if (await tryCommit(ports.work, { changes: [change], journal: [], outbox: [] }))
      return same ? 'made' : 'left';
  }
  return undefined;
}

/** Settles a claimed delivery that is not needed after all, with the reason as its receipt. */
export async function settleBack(
  ctx: Context,
  ports: Pick<DeliverPorts, 'work'>,
  claimed: Delivery,
  triedBefore: Intent | undefined,
  reason: string,
): Promise<DeliveryReport> {
  const { delivery_key } = claimed;
  const make = (row: Delivery, owner: string, now: number) => settle(row, owner, reason, now);
  return (await giveBack(ctx, ports, claimed, triedBefore, make)) === 'made'
    ? { delivery_key, kind: 'settled', reason }
    : { delivery_key, kind: 'contended' };
}

/** Puts a claimed delivery off until its turn (milliseconds since the epoch); it counts as no attempt. */
export async function putOff(
  ctx: Context,
  ports: Pick<DeliverPorts, 'work' | 'timers'>,
  claimed: Delivery,
  triedBefore: Intent | undefined,
  until: number,
): Promise<DeliveryReport> {
  const { delivery_key, tenant, alert_id } = claimed;
  const made = await giveBack(ctx, ports, claimed, triedBefore, (row, owner, now) => ({
    ...release(row, owner, now),
    attempts: Math.max(0, row.attempts - 1),
    put_off: (row.put_off ?? 0) + 1,
    next_attempt_at: new Date(until).toISOString(),
  }));
  if (made !== 'made') return { delivery_key, kind: 'contended' };
  const report = { delivery_key, kind: 'put_off', reason: 'the receiver’s pace' } as const;
  try {
    const hint = { kind: 'delivery', tenant, alert_id, delivery_key } as const;
    await ports.timers.hint(hint, Math.max(0, until - ctx.now()));
    return report;
  } catch (hint_error) {
    return { ...report, hint_error };
  }
}
