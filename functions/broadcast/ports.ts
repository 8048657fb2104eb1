import { setTimeout as sleep } from 'node:timers/promises';

import { MetricUnit } from '@aws-lambda-powertools/metrics';

import { liveManagement, once } from '#functions/_runtime/client.ts';
import { systemClock } from '#functions/_runtime/clock.ts';
import { dynamoAccess } from '#functions/_runtime/dynamo-access.ts';
import { readEnvironment } from '#functions/_runtime/environment.ts';
import { metrics } from '#functions/_runtime/observe.ts';
import { warn } from '#functions/_runtime/warn.ts';
import { createApiGatewayPush } from '#shared/adapters/aws/api-gateway-push.ts';
import { createDynamoLiveStore } from '#shared/adapters/aws/dynamo-live-store.ts';
import { Audience } from '#shared/live/audience.ts';

import type { BroadcastPorts } from './broadcast.ts';
import { Pace } from './pace.ts';

/** At most four frames a second for what is not announced. */
const PACE_MS = 250;
const METRIC = { sent: 'LivePushes', lost: 'LivePushesLost', ended: 'LiveConnectionsEnded' };

/** The broadcaster's store and sockets in this process. */
export const ports = once((): BroadcastPorts => ({
  store: createDynamoLiveStore(dynamoAccess()),
  push: createApiGatewayPush(liveManagement(readEnvironment().SENTRY_LIVE_ENDPOINT)),
  audience: new Audience(),
  pace: new Pace(
    PACE_MS,
    () => performance.now(),
    (delayMs) => sleep(delayMs),
  ),
  now: () => systemClock.now(),
  warn,
  count: (name, count) => {
    if (count > 0) metrics.addMetric(METRIC[name], MetricUnit.Count, count);
  },
}));
