import { eventBridge, once, sqs } from '#functions/_runtime/client.ts';
import { dynamoAccess } from '#functions/_runtime/dynamo-access.ts';
import { readEnvironment } from '#functions/_runtime/environment.ts';
import { createDynamoJournalStore } from '#shared/adapters/aws/dynamo-journal-store.ts';
import { createDynamoWorkStore } from '#shared/adapters/aws/dynamo-work-store.ts';
import { createEventBridgeBus } from '#shared/adapters/aws/event-bridge-bus.ts';
import { createSqsTimerHint } from '#shared/adapters/aws/sqs-timer-hint.ts';

import type { EscalatePorts } from './escalate.ts';

/** The escalator's stores, bus and queue in this process. */
export const ports = once((): EscalatePorts => {
  const { SENTRY_BUS, SENTRY_TIMER_QUEUE_URL } = readEnvironment();
  return {
    work: createDynamoWorkStore(dynamoAccess()),
    journal: createDynamoJournalStore(dynamoAccess()),
    bus: createEventBridgeBus(eventBridge(), SENTRY_BUS),
    timers: createSqsTimerHint(sqs(), SENTRY_TIMER_QUEUE_URL),
  };
});
