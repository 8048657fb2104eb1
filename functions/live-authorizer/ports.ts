import { once } from '#functions/_runtime/client.ts';
import { systemClock } from '#functions/_runtime/clock.ts';
import { dynamoAccess } from '#functions/_runtime/dynamo-access.ts';
import { readEnvironment } from '#functions/_runtime/environment.ts';
import { logger } from '#functions/_runtime/observe.ts';
import { createDynamoLiveStore } from '#shared/adapters/aws/dynamo-live-store.ts';

import type { AuthorizePorts } from './authorize.ts';

/** The authorizer's store in this process. */
export const ports = once((): AuthorizePorts => {
  const { SENTRY_DASHBOARD_ORIGIN } = readEnvironment();
  return {
    live: createDynamoLiveStore(dynamoAccess()),
    now: () => systemClock.now(),
    origins: SENTRY_DASHBOARD_ORIGIN.split(',')
      .map((origin) => origin.trim())
      .filter((origin) => origin !== ''),
    refused: (reason) => logger.info('connection refused', { reason }),
  };
});
