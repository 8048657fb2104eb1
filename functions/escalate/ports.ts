import { setTimeout as sleep } from 'node:timers/promises';

import { MetricUnit } from '@aws-lambda-powertools/metrics';

import { eventBridge, kinesis, once, sqs } from '#functions/_runtime/client.ts';
import { dynamoAccess } from '#functions/_runtime/dynamo-access.ts';
import { readEnvironment } from '#functions/_runtime/environment.ts';
import { systemClock } from '#functions/_runtime/clock.ts';
import { metrics } from '#functions/_runtime/observe.ts';
import { response } from '#functions/_runtime/response.ts';
import { signingKey } from '#functions/_runtime/signing-key.ts';
import { createDynamoCanaryStore } from '#shared/adapters/aws/dynamo-canary-store.ts';
import { createDynamoJournalStore } from '#shared/adapters/aws/dynamo-journal-store.ts';
import { createDynamoLaneStore } from '#shared/adapters/aws/dynamo-lane-store.ts';
import { createDynamoLookupStore } from '#shared/adapters/aws/dynamo-lookup-store.ts';
import { createDynamoRuleStore } from '#shared/adapters/aws/dynamo-rule-store.ts';
import { createDynamoWorkStore } from '#shared/adapters/aws/dynamo-work-store.ts';
import { createKinesisEventStream } from '#shared/adapters/aws/kinesis-event-stream.ts';
import { createEventBridgeBus } from '#shared/adapters/aws/event-bridge-bus.ts';
import { createSqsTimerHint } from '#shared/adapters/aws/sqs-timer-hint.ts';
import { createRuleSetCache } from '#shared/rule/rule-set-cache.ts';

import type { EscalatePorts } from './escalate.ts';

/** Longest pause after the first lost race; it doubles. */
const PAUSE_MS = 20;

/** The escalator's stores, bus and queue in this process. */
export const ports = once((): EscalatePorts => {
  const { SENTRY_BUS, SENTRY_STREAM, SENTRY_TIMER_QUEUE_URL } = readEnvironment();
  const access = dynamoAccess();
  const cache = createRuleSetCache(createDynamoRuleStore(access), systemClock, {
    lookups: createDynamoLookupStore(access),
  });
  return {
    work: createDynamoWorkStore(access),
    journal: createDynamoJournalStore(access),
    lanes: createDynamoLaneStore(access),
    response,
    ruleSet: async (tenant) => (await cache.current(tenant)).rules,
    async pause(attempt) {
      await sleep(Math.random() * PAUSE_MS * 2 ** (attempt - 1));
    },
    bus: createEventBridgeBus(eventBridge(), SENTRY_BUS),
    timers: createSqsTimerHint(sqs(), SENTRY_TIMER_QUEUE_URL),
    canary: {
      canaries: createDynamoCanaryStore(access),
      stream: createKinesisEventStream(kinesis(), SENTRY_STREAM, (delayMs) => sleep(delayMs)),
      signingKey,
      measure: (latenessMs) =>
        void metrics.addMetric('CanaryLateness', MetricUnit.Milliseconds, latenessMs),
    },
  };
});
