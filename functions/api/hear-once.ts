import { createHash } from 'node:crypto';

import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { TakenEvent } from '#shared/notification/inbound/take-pagerduty.ts';
import type { IdempotencyStore } from '#shared/ports/idempotency-store.ts';

/** Much longer than any receiver repeats itself. */
const KEPT_MS = 48 * 3_600_000;
/** Longer than the function can run. */
const CLAIM_MS = 60_000;

/**
 * Takes a webhook's event once in 48 hours, however often it is delivered. Throws `unavailable` while
 * the first delivery is still under way, so that its caller comes again should that one fail.
 */
export async function hearOnce(
  store: IdempotencyStore,
  context: Context,
  eventKey: string,
  take: () => Promise<TakenEvent>,
): Promise<TakenEvent | { outcome: 'repeated'; alerts: [] }> {
  const key = createHash('sha256').update(`webhook|${eventKey}`).digest('hex');
  const now = context.now();
  const claim = { fingerprint: 'webhook', now, claimUntil: now + CLAIM_MS };
  const known = await store.claim(context.tenant, key, claim);
  if (known.kind === 'done') return { outcome: 'repeated', alerts: [] };
  if (known.kind === 'running')
    throw new SentryError('unavailable', 'The first delivery of this event is still under way.');
  let taken: TakenEvent;
  try {
    taken = await take();
  } catch (error) {
    await store.forget(context.tenant, key);
    throw error;
  }
  await store.finish(context.tenant, key, {
    fingerprint: 'webhook',
    response_json: '{}',
    expiresAt: now + KEPT_MS,
  });
  return taken;
}
