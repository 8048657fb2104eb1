import { createSqsTimerHint } from '#shared/adapters/aws/sqs-timer-hint.ts';
import { createDynamoCanaryStore } from '#shared/adapters/aws/dynamo-canary-store.ts';
import { createDynamoChannelStateStore } from '#shared/adapters/aws/dynamo-channel-state-store.ts';
import { createDynamoDocumentStore } from '#shared/adapters/aws/dynamo-document-store.ts';
import { createDynamoWorkStore } from '#shared/adapters/aws/dynamo-work-store.ts';
import { createPostJson } from '#shared/adapters/http/post-json.ts';
import { hearCanary } from '#shared/canary/hear-canary.ts';
import { hintNext } from '#shared/escalation/hint-next.ts';
import { deliver } from '#shared/notification/deliver.ts';
import type { Channel, OwnChannel } from '#shared/notification/schema.ts';
import { readTestWake, runTest } from '#shared/notification/run-test.ts';
import { readWake } from '#shared/notification/wake.ts';
import type { ChannelSender } from '#shared/ports/channel-sender.ts';

import { once, sqs } from './client.ts';
import { systemClock } from './clock.ts';
import { dynamoAccess } from './dynamo-access.ts';
import { readEnvironment } from './environment.ts';
import { logger } from './observe.ts';
import { response } from './response.ts';
import { systemContext } from './system-context.ts';
import { warn } from './warn.ts';

/** The one way out to receivers' addresses. */
export const postJson = once(() => {
  const { SENTRY_OUTBOUND_ALLOW } = readEnvironment();
  const origins = SENTRY_OUTBOUND_ALLOW.split(',').map((origin) => origin.trim());
  return createPostJson({ allow: origins.filter((origin) => origin !== '') });
});

/**
 * What every notifier does with an EventBridge event: tells its channel what the alert named there
 * owes it, and hints its next step. Throws when a store failed, so that EventBridge comes again; what a receiver said is in the row.
 */
export function createNotifier(channel: Channel, sender: () => ChannelSender) {
  const ports = once(() => {
    const environment = readEnvironment();
    return {
      work: createDynamoWorkStore(dynamoAccess()),
      channels: createDynamoDocumentStore<OwnChannel>(dynamoAccess(), 'CHANNELS'),
      states: createDynamoChannelStateStore(dynamoAccess()),
      response,
      timers: createSqsTimerHint(sqs(), environment.SENTRY_TIMER_QUEUE_URL),
      sender: sender(),
      // The first of several origins is the one people are sent to.
      dashboardOrigin: environment.SENTRY_DASHBOARD_ORIGIN.split(',')[0]!.trim(),
    };
  });
  const canaries = once(() => createDynamoCanaryStore(dynamoAccess()));
  return async (event: unknown): Promise<void> => {
    if (await hearCanary(canaries, channel, event, () => systemClock.now())) return;
    const test = readTestWake(event);
    if (test) {
      const ctx = systemContext(`notify-${channel}`, test.tenant, test.correlation_id);
      logger.info('channel test', { ...(await runTest(ctx, ports(), test)) });
      return;
    }
    const wake = readWake(event);
    const ctx = systemContext(`notify-${channel}`, wake.tenant, wake.correlation_id);
    try {
      await hintNext(ctx, ports().timers, event);
    } catch (error) {
      warn('next step not hinted', { error });
    }
    for (const report of await deliver(ctx, ports(), { alert_id: wake.alert_id, channel }))
      logger.info('delivery', { ...report });
  };
}
