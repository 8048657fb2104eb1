import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy, { type MiddlewareObj } from '@middy/core';

import { flushMetrics } from './flush-metrics.ts';
import { logger } from './observe.ts';

/** The middleware of a function: structured log with request ids, EMF metrics, X-Ray segment. */
export function withStack<Event, Result>(run: (event: Event) => Promise<Result>) {
  return middy<Event, Result>()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(flushMetrics())
    .use(tracing)
    .handler(run);
}

const tracing = await traceInvocations();

/** The X-Ray SDK hooks into every promise of the process, so it is loaded only where tracing is on. */
async function traceInvocations(): Promise<MiddlewareObj[]> {
  if (process.env.POWERTOOLS_TRACE_ENABLED === 'false') return [];
  const [{ Tracer }, { captureLambdaHandler }] = await Promise.all([
    import('@aws-lambda-powertools/tracer'),
    import('@aws-lambda-powertools/tracer/middleware'),
  ]);
  return [captureLambdaHandler(new Tracer(), { captureResponse: false }) as MiddlewareObj];
}
