import type { MiddlewareObj } from '@middy/core';

import { metrics } from './observe.ts';

/** Writes the invocation's metrics, if it counted anything; `logMetrics` warns about every one that did not. */
export function flushMetrics(): MiddlewareObj {
  const flush = () => {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  };
  return { after: flush, onError: flush };
}
