import type { Context } from '#shared/kernel/context.ts';

import { newId, stopwatch, systemClock } from './clock.ts';

/** Sentry itself acting, as `system:<function>`, for one tenant; no scope, because no person asked. */
export function systemContext(
  functionName: string,
  tenant: string,
  correlationId: string = newId(),
): Context {
  return {
    tenant,
    actor: `system:${functionName}`,
    scopes: new Set(),
    newId,
    now: () => systemClock.now(),
    correlation_id: correlationId,
    stopwatch,
  };
}
