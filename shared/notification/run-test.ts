import * as z from 'zod';

import type { Alert } from '#shared/alert/schema.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { ChannelConfig, Delivery, Intent } from '#shared/notification/schema.ts';
import type { Notice, SendOutcome } from '#shared/ports/channel-sender.ts';

import { type ChannelTest, TEST_KEPT_MS, testName } from './ask-test.ts';
import type { DeliverPorts } from './deliver-ports.ts';
import { findChannel } from './find-channel.ts';

const TestEvent = z.object({
  detail: z.object({
    payload: z.object({
      tenant: z.string(),
      test: z.object({ test_id: z.string(), channel_id: z.string() }),
    }),
    meta: z.object({ correlation_id: z.string() }),
  }),
});

/** Which channel is to be tested. */
export interface TestWake {
  tenant: string;
  test_id: string;
  channel_id: string;
  correlation_id: string;
}

/** Reads an EventBridge event that asks for a test; undefined for any other. */
export function readTestWake(event: unknown): TestWake | undefined {
  const read = TestEvent.safeParse(event);
  if (!read.success) return undefined;
  const { payload, meta } = read.data.detail;
  return { tenant: payload.tenant, ...payload.test, correlation_id: meta.correlation_id };
}

/** A message that nobody takes for an alert; no alert of its id is stored. */
function noticeOf(
  ctx: Context,
  wake: TestWake,
  channel: ChannelConfig,
  intent: Intent,
  origin: string,
): Notice {
  const at = new Date(ctx.now()).toISOString();
  const alert_id = `test-${wake.test_id}`;
  const alert: Alert = {
    alert_id,
    tenant: wake.tenant,
    rule_id: 'sentry-channel-test',
    rule_version: 1,
    event_id: alert_id,
    title: `TEST of the channel ${channel.name}: nothing is wrong`,
    service: 'sentry',
    severity: 'INFO',
    group_key: '',
    group: {},
    episode: 1,
    state: intent === 'resolve' ? 'RESOLVED' : 'OPEN',
    created_at: at,
    updated_at: at,
    first_seen: at,
    last_seen: at,
    count: 1,
    escalation_level: 0,
    suppressed_by: [],
    evidence: { first: [], last: [] },
    explain: {
      detector: 'match',
      summary: 'Somebody asked for a test message.',
      expected: 'this message',
      observed: 'this message',
    },
    version: 1,
    revision: 1,
  };
  const delivery: Delivery = {
    delivery_key: `${alert_id}|0|${channel.channel_id}`,
    tenant: wake.tenant,
    alert_id,
    step: 0,
    channel: channel.channel,
    destination: channel.channel_id,
    status: 'QUEUED',
    desired: intent,
    attempts: 1,
    created_at: at,
    updated_at: at,
    desired_at: at,
    revision: 1,
  };
  const idempotency_key = `${delivery.delivery_key}|${intent}`;
  const link = `${origin}/health`;
  return { intent, alert, delivery, channel, link, at, idempotency_key };
}

async function speak(ports: DeliverPorts, notice: Notice): Promise<SendOutcome> {
  try {
    return await ports.sender.send(notice);
  } catch (error) {
    const words = error instanceof SentryError ? error.message : 'the sender failed';
    return { kind: 'retryable', error: words, may_have_arrived: false };
  }
}

/**
 * Sends the test message once, whatever comes of it, and writes down what the receiver said. In
 * PagerDuty the incident it opens is resolved at once. Delivered twice, the event sends once.
 * Throws `unavailable` when a store fails before the message went.
 */
export async function runTest(
  ctx: Context,
  ports: DeliverPorts,
  wake: TestWake,
): Promise<ChannelTest | undefined> {
  const { tenant, channel_id, test_id } = wake;
  const name = testName(test_id);
  const asked = await ports.states.get(tenant, channel_id, name);
  if (asked?.revision !== 1) return undefined;
  const channel = await findChannel(ports.channels, tenant, channel_id);
  const expiresAt = ctx.now() + TEST_KEPT_MS;
  const taken = { value: { test_id, state: 'under_way' }, expected: 1, expiresAt };
  try {
    await ports.states.put(tenant, channel_id, name, taken);
  } catch (error) {
    if (error instanceof SentryError && error.code === 'conflict') return undefined;
    throw error;
  }
  const outcome: SendOutcome = channel
    ? await speak(ports, noticeOf(ctx, wake, channel, 'trigger', ports.dashboardOrigin))
    : { kind: 'permanent', error: 'the channel is gone' };
  const isSent = outcome.kind === 'delivered';
  if (isSent && channel?.channel === 'pagerduty')
    await speak(ports, noticeOf(ctx, wake, channel, 'resolve', ports.dashboardOrigin));
  const words = isSent ? outcome.receipt : outcome.error;
  const counter = isSent ? 'sent' : 'failed';
  await ports.states.count(tenant, channel_id, { counter, at: ctx.now(), words });
  const test: ChannelTest = isSent
    ? { test_id, state: 'sent', receipt: words }
    : { test_id, state: 'failed', reason: words };
  await ports.states.put(tenant, channel_id, name, { value: test, expected: 2, expiresAt });
  return test;
}
