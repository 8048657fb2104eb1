import { liveManagement, once } from '#functions/_runtime/client.ts';
import { newId, systemClock } from '#functions/_runtime/clock.ts';
import { readEnvironment } from '#functions/_runtime/environment.ts';
import { warn } from '#functions/_runtime/warn.ts';
import { apiPorts } from '#functions/api/wire.ts';
import { createApiGatewayPush } from '#shared/adapters/aws/api-gateway-push.ts';
import { LIVE_LIMITS } from '#shared/api/live-protocol.ts';

import type { LiveFunctionPorts } from './ports.ts';
import { RateLimit } from './rate-limit.ts';

/** The live function's ports in this process. */
export const livePorts = once((): LiveFunctionPorts => ({
  api: apiPorts(),
  push: createApiGatewayPush(liveManagement(readEnvironment().SENTRY_LIVE_ENDPOINT)),
  rate: new RateLimit(LIVE_LIMITS.messagesPerSecondMax),
  now: () => systemClock.now(),
  newId,
  warn,
}));
