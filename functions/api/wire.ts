import { setTimeout as sleep } from 'node:timers/promises';

import { kinesis, once, s3, sqs } from '#functions/_runtime/client.ts';
import { newId, stopwatch, systemClock } from '#functions/_runtime/clock.ts';
import { dynamoAccess } from '#functions/_runtime/dynamo-access.ts';
import { readEnvironment } from '#functions/_runtime/environment.ts';
import { secrets } from '#functions/_runtime/secret.ts';
import { signingKey } from '#functions/_runtime/signing-key.ts';
import { warn } from '#functions/_runtime/warn.ts';
import { createAwsQuarantineStore } from '#shared/adapters/aws/aws-quarantine-store.ts';
import { createDynamoBacktestStore } from '#shared/adapters/aws/dynamo-backtest-store.ts';
import { createDynamoChannelStateStore } from '#shared/adapters/aws/dynamo-channel-state-store.ts';
import { createDynamoDeadDeliveryStore } from '#shared/adapters/aws/dynamo-dead-delivery-store.ts';
import { createDynamoDocumentStore } from '#shared/adapters/aws/dynamo-document-store.ts';
import { createDynamoIdempotencyStore } from '#shared/adapters/aws/dynamo-idempotency-store.ts';
import { createDynamoJournalStore } from '#shared/adapters/aws/dynamo-journal-store.ts';
import { createDynamoLiveStore } from '#shared/adapters/aws/dynamo-live-store.ts';
import { createDynamoLookupStore } from '#shared/adapters/aws/dynamo-lookup-store.ts';
import { createDynamoRuleActivityStore } from '#shared/adapters/aws/dynamo-rule-activity-store.ts';
import { createDynamoRuleStore } from '#shared/adapters/aws/dynamo-rule-store.ts';
import { createDynamoWorkStore } from '#shared/adapters/aws/dynamo-work-store.ts';
import { createKinesisEventStream } from '#shared/adapters/aws/kinesis-event-stream.ts';
import { createS3EventArchive } from '#shared/adapters/aws/s3-event-archive.ts';
import { createSqsBacktestQueue } from '#shared/adapters/aws/sqs-backtest-queue.ts';
import { hookParameter } from '#shared/notification/inbound/hook-address.ts';

import type { ApiPorts } from './ports.ts';
import type { ServePorts } from './serve.ts';

/** The operations' stores in this process; the live function works on the same. */
export const apiPorts = once((): ApiPorts => {
  const environment = readEnvironment();
  const access = dynamoAccess();
  return {
    work: createDynamoWorkStore(access),
    journal: createDynamoJournalStore(access),
    rules: createDynamoRuleStore(access),
    activity: createDynamoRuleActivityStore(access),
    lookups: createDynamoLookupStore(access),
    backtests: createDynamoBacktestStore(access),
    backtestQueue: createSqsBacktestQueue(sqs(), environment.SENTRY_BACKTEST_QUEUE_URL),
    policies: createDynamoDocumentStore(access, 'ESCALATIONS'),
    schedules: createDynamoDocumentStore(access, 'SCHEDULES'),
    silences: createDynamoDocumentStore(access, 'SILENCES'),
    maintenance: createDynamoDocumentStore(access, 'MAINTENANCE'),
    inhibitions: createDynamoDocumentStore(access, 'INHIBITIONS'),
    incidentSettings: createDynamoDocumentStore(access, 'INCIDENT-SETTINGS'),
    services: createDynamoDocumentStore(access, 'SERVICES'),
    channels: createDynamoDocumentStore(access, 'CHANNELS'),
    states: createDynamoChannelStateStore(access),
    dead: createDynamoDeadDeliveryStore(access),
    pause: (delayMs) => sleep(delayMs),
    heard: createDynamoIdempotencyStore(access),
    hookSecret: async (hook) =>
      (await secrets().get(hookParameter(environment.SENTRY_HOOK_PARAMETER_PREFIX, hook)))?.value,
    hookParameter: (hook) => hookParameter(environment.SENTRY_HOOK_PARAMETER_PREFIX, hook),
    quarantine: createAwsQuarantineStore(access, s3(), environment.SENTRY_STORE_BUCKET),
    archive: createS3EventArchive(s3(), environment.SENTRY_STORE_BUCKET),
    stream: createKinesisEventStream(kinesis(), environment.SENTRY_STREAM, (delayMs) =>
      sleep(delayMs),
    ),
    live: createDynamoLiveStore(access),
    signingKey,
  };
});

/** The API function's ports in this process. */
export const servePorts = once((): ServePorts => ({
  api: apiPorts(),
  idempotency: createDynamoIdempotencyStore(dynamoAccess()),
  now: () => systemClock.now(),
  newId,
  stopwatch,
  defaultTenant: readEnvironment().SENTRY_DEFAULT_TENANT,
  warn,
}));
