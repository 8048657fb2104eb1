import { setTimeout as sleep } from 'node:timers/promises';

import type { DynamoAccess } from '#shared/adapters/aws/dynamo-access.ts';

import { dynamo, once } from './client.ts';
import { systemClock } from './clock.ts';
import { readEnvironment } from './environment.ts';

/** What the DynamoDB adapters of this process are given. */
export const dynamoAccess = once((): DynamoAccess => {
  const environment = readEnvironment();
  return {
    client: dynamo(),
    tables: {
      work: environment.SENTRY_TABLE_WORK,
      journal: environment.SENTRY_TABLE_JOURNAL,
      config: environment.SENTRY_TABLE_CONFIG,
      state: environment.SENTRY_TABLE_STATE,
      live: environment.SENTRY_TABLE_LIVE,
    },
    now: () => systemClock.now(),
    sleep: (delayMs) => sleep(delayMs),
    random: () => Math.random(),
  };
});
