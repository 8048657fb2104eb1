import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import middy from '@middy/core';

import { flushMetrics } from './flush-metrics.ts';
import { logger } from './observe.ts';

const tracer = new Tracer();

/** The middleware of a function: structured log with request ids, EMF metrics, X-Ray segment. */
export function withStack<Event, Result>(run: (event: Event) => Promise<Result>) {
  return middy<Event, Result>()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(flushMetrics())
    .use(captureLambdaHandler(tracer, { captureResponse: false }))
    .handler(run);
}
