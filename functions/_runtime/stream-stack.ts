import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';

import { flushMetrics } from './flush-metrics.ts';
import { logger } from './observe.ts';

/**
 * The middleware of the functions on the event stream: as `withStack`, without the X-Ray SDK, whose
 * promise hooks slow everything that awaits. Lambda itself still traces each invocation.
 */
export function withStreamStack<Event, Result>(run: (event: Event) => Promise<Result>) {
  return middy<Event, Result>()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(flushMetrics())
    .handler(run);
}
