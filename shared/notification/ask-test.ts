import type { OwnChannel } from '#shared/notification/schema.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';
import * as z from 'zod';

import { requireScope } from '#shared/access/scope.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { findChannel } from '#shared/notification/find-channel.ts';
import { announce } from '#shared/outbox/announce.ts';
import type { ChannelStateStore } from '#shared/ports/channel-state-store.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';

/** How long a test's outcome is kept, in milliseconds. */
export const TEST_KEPT_MS = 3_600_000;
/** A sender has 15 s; its caller is answered within this many pauses in any case. */
const PAUSES_MAX = 60;
const PAUSE_MS = 250;

/** What became of a test message. */
export const ChannelTest = z.object({
  test_id: z.string(),
  /** `under_way`: the notifier has not answered yet; the channel's health will tell. */
  state: z.enum(['under_way', 'sent', 'failed']),
  /** The receiver's own words. */
  receipt: z.string().optional(),
  reason: z.string().optional(),
});
export type ChannelTest = z.infer<typeof ChannelTest>;

/** Name of a test's row among what its channel remembers. */
export function testName(testId: string): string {
  return `test-${testId}`;
}

interface AskPorts {
  channels: Pick<DocumentStore<OwnChannel>, 'get'>;
  states: ChannelStateStore;
  work: Pick<WorkStore, 'commit'>;
  pause(delayMs: number): Promise<void>;
}

/**
 * Has the channel's notifier send a marked test message and waits up to 15 s for what it says: only
 * notifiers call the outside. Throws `forbidden`, `not_found`, and `conflict` for a channel that is
 * switched off.
 */
export async function askTest(
  ctx: Context,
  ports: AskPorts,
  channelId: string,
): Promise<ChannelTest> {
  requireScope(ctx, 'sentry.policy.write');
  const { tenant } = ctx;
  const channel = await findChannel(ports.channels, tenant, channelId);
  if (!channel) throw new SentryError('not_found', `There is no channel ${channelId}.`);
  if (!channel.enabled) throw new SentryError('conflict', 'The channel is switched off.');
  const test_id = ctx.newId();
  const at = ctx.now();
  const asked: ChannelTest = { test_id, state: 'under_way' };
  const expiresAt = at + TEST_KEPT_MS;
  await ports.states.put(tenant, channelId, testName(test_id), {
    value: asked,
    expected: 0,
    expiresAt,
  });
  await ports.work.commit({
    changes: [],
    journal: [
      {
        entry_id: test_id,
        tenant,
        subject: { kind: 'channel', id: channelId },
        action: 'channel.test',
        actor: ctx.actor,
        at: new Date(at).toISOString(),
        correlation_id: ctx.correlation_id,
        security_level: 'internal',
      },
    ],
    outbox: [
      announce({
        tenant,
        type: 'channel.tested',
        source: 'sentry.notification',
        payload: { tenant, channels: [channel.channel], test: { test_id, channel_id: channelId } },
        correlation_id: ctx.correlation_id,
        at,
        identity: [channelId, test_id],
      }),
    ],
  });
  return await awaitOutcome(ports, tenant, channelId, asked);
}

async function awaitOutcome(
  ports: AskPorts,
  tenant: string,
  channelId: string,
  asked: ChannelTest,
): Promise<ChannelTest> {
  for (let waited = 0; waited < PAUSES_MAX; waited++) {
    await ports.pause(PAUSE_MS);
    const found = await ports.states.get(tenant, channelId, testName(asked.test_id));
    const test = ChannelTest.safeParse(found?.value);
    if (test.success && test.data.state !== 'under_way') return test.data;
  }
  return asked;
}
