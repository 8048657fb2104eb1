import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { MessageBus } from '#shared/ports/message-bus.ts';
import type { DeliveryHint, TimerHint } from '#shared/ports/timer-hint.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';

import { owesSomething } from './decide.ts';
import { dueEnvelope } from './due-envelope.ts';
import { readDeliveryKey } from './read-delivery-key.ts';

/** What a hint led to. */
export type Followed = 'woken' | 'hinted again' | 'nothing owed';

/**
 * Follows a hint to its delivery row, which is the truth: due → its channel's notifier is started,
 * not yet → hinted again for the rest of the wait, nothing owed → nothing. A lost, late or doubled
 * hint therefore changes nothing. Throws `unavailable` when store, bus or queue fail.
 */
export async function followHint(
  ctx: Context,
  ports: { work: Pick<WorkStore, 'getDelivery'>; bus: MessageBus; timers: TimerHint },
  hint: DeliveryHint,
): Promise<Followed> {
  const key = readDeliveryKey(hint.delivery_key);
  if (key === undefined) return 'nothing owed';
  const { tenant, alert_id } = hint;
  const row = await ports.work.getDelivery(tenant, alert_id, key.step, key.destination);
  if (row?.next_attempt_at === undefined || !owesSomething(row)) return 'nothing owed';
  const waitMs = Date.parse(row.next_attempt_at) - ctx.now();
  if (waitMs > 0) {
    await ports.timers.hint(hint, waitMs);
    return 'hinted again';
  }
  const due = dueEnvelope(ctx, { tenant, alert_id, channels: [row.channel] });
  const [result] = await ports.bus.publish([due]);
  if (result?.ok) return 'woken';
  throw new SentryError('unavailable', `The bus did not take it: ${result?.error ?? 'no answer'}`);
}
