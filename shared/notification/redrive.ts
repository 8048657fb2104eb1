import { requireScope } from '#shared/access/scope.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { Delivery } from '#shared/notification/schema.ts';
import type { DeadDeliveryStore } from '#shared/ports/dead-delivery-store.ts';
import type { Commit, WorkStore } from '#shared/ports/work-store.ts';

import { account } from './account.ts';
import { readDeliveryKey } from './read-delivery-key.ts';
import { tryCommit } from './try-commit.ts';

const ROUNDS_MAX = 5;
/** Rows that one call takes up. */
const BATCH_MAX = 100;

/**
 * A dead delivery wanted again: its channel's notifier is woken and decides anew whether the alert
 * still needs it. It keeps its idempotency key, so a receiver that did take it knows the repetition. Pure.
 */
export function decideRedrive(ctx: Context, dead: Delivery): Commit {
  const at = new Date(ctx.now()).toISOString();
  const { last_error: _old, lease_owner: _owner, lease_until: _until, ...rest } = dead;
  const row: Delivery = {
    ...rest,
    status: 'QUEUED',
    attempts: 0,
    redriven_at: at,
    next_attempt_at: at,
    updated_at: at,
    revision: dead.revision + 1,
  };
  const changes = [{ kind: 'delivery', row, expected: dead.revision }] as const;
  return { changes, ...account(ctx, 'redriven', row, row.desired, [row.channel]) };
}

/**
 * Takes up one dead delivery again; repeating changes nothing. Throws `forbidden`, `not_found`, and
 * `conflict` for one that was never given up.
 */
export async function redrive(
  ports: { work: WorkStore },
  ctx: Context,
  deliveryKey: string,
): Promise<Delivery> {
  requireScope(ctx, 'sentry.alert.write');
  const key = readDeliveryKey(deliveryKey);
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const { alert_id = '', step = 0, destination = '' } = key ?? {};
    const row = key && (await ports.work.getDelivery(ctx.tenant, alert_id, step, destination));
    if (!row) throw new SentryError('not_found', `There is no delivery ${deliveryKey}.`);
    if (row.status !== 'DEAD') {
      if (row.redriven_at !== undefined) return row;
      throw new SentryError('conflict', `The delivery is ${row.status}, not dead.`, {
        current: row,
      });
    }
    const commit = decideRedrive(ctx, row);
    if (!(await tryCommit(ports.work, commit))) continue;
    return (commit.changes[0] as { row: Delivery }).row;
  }
  throw new SentryError('conflict', 'The delivery keeps changing; try again.');
}

/** Takes up the dead deliveries of a channel, newest first, at most 100 a call. Throws `forbidden`. */
export async function redriveChannel(
  ports: { work: WorkStore; dead: DeadDeliveryStore },
  ctx: Context,
  channelId: string,
): Promise<{ redriven: number; skipped: number; more: boolean }> {
  requireScope(ctx, 'sentry.alert.write');
  const filter = { destination: channelId };
  const page = await ports.dead.listDead(ctx.tenant, filter, { limit: BATCH_MAX });
  let redriven = 0;
  for (const { alert_id, step, destination } of page.items) {
    // The list is an index, seconds behind: the row itself says whether it is still dead.
    const row = await ports.work.getDelivery(ctx.tenant, alert_id, step, destination);
    if (row?.status === 'DEAD' && (await tryCommit(ports.work, decideRedrive(ctx, row))))
      redriven += 1;
  }
  return { redriven, skipped: page.items.length - redriven, more: page.cursor !== undefined };
}
