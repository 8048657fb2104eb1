import type { StreamEvent } from '#shared/detection/read-records.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { announce } from '#shared/outbox/announce.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';

import { CANARY_EARS, CANARY_TENANT, CanaryPayload } from './schema.ts';

/** Canaries of a batch apart from what people sent. */
export function separateCanaries<Event extends { tenant: string }>(
  events: readonly Event[],
): { canaries: Event[]; others: Event[] } {
  const canaries = events.filter(({ tenant }) => tenant === CANARY_TENANT);
  // Nearly every batch has none; it is passed on as it is.
  const others =
    canaries.length === 0 ? events : events.filter(({ tenant }) => tenant !== CANARY_TENANT);
  return { canaries, others: others as Event[] };
}

/**
 * What the detector does with canaries, in place of rules: commits an announcement for every notifier, as
 * an alert's commit does. Delivered twice it announces once more at most. Throws `unavailable`.
 */
export async function relayCanaries(
  ctx: Pick<Context, 'now' | 'correlation_id'>,
  work: Pick<WorkStore, 'commit'>,
  canaries: readonly Pick<StreamEvent, 'event'>[],
): Promise<void> {
  for (const { event } of canaries) {
    const { sent_at } = event.payload as { sent_at?: unknown };
    const payload = CanaryPayload.safeParse({ tenant: CANARY_TENANT, canary: { sent_at } });
    if (!payload.success) continue;
    const row = announce({
      tenant: CANARY_TENANT,
      type: 'canary.detected',
      source: 'sentry.canary',
      payload: { ...payload.data, channels: [...CANARY_EARS] },
      correlation_id: ctx.correlation_id,
      at: ctx.now(),
      identity: [event.event_id],
    });
    try {
      await work.commit({ changes: [], journal: [], outbox: [row] });
    } catch (error) {
      // It stands there from the delivery before and is about to be published.
      if (!(error instanceof SentryError && error.code === 'conflict')) throw error;
    }
  }
}
