import { signTenantKey } from '#shared/event/tenant-key.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { CanaryStore } from '#shared/ports/canary-store.ts';
import type { EventStream } from '#shared/ports/event-stream.ts';

import { CANARY_TENANT, canaryLateness } from './schema.ts';

export interface SendCanaryPorts {
  canaries: CanaryStore;
  stream: EventStream;
  signingKey(): Promise<string>;
}

/**
 * Sends a canary down the whole path: event stream, detector, outbox, bus and every notifier. Tells
 * `measure` how late those before it are, in ms. Throws `unavailable` when it could not be sent.
 */
export async function sendCanary(
  ctx: Pick<Context, 'now' | 'newId'>,
  ports: SendCanaryPorts,
  measure: (latenessMs: number) => void,
): Promise<void> {
  const now = ctx.now();
  const seen = await ports.canaries.read();
  measure(canaryLateness(seen, now));
  const sent_at = new Date(now).toISOString();
  if (seen.first === undefined) await ports.canaries.begin(sent_at);
  const nonce = ctx.newId();
  const event = {
    event_id: nonce,
    source: 'sentry.canary',
    type: 'canary.sent',
    payload: { sent_at },
  };
  const data = new TextEncoder().encode(JSON.stringify(event));
  const partition_key = signTenantKey(await ports.signingKey(), CANARY_TENANT, nonce, data);
  const [outcome] = await ports.stream.put([{ partition_key, data }]);
  if (outcome?.kind !== 'put')
    throw new SentryError('unavailable', 'The event stream did not take the canary.');
}
