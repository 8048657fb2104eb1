import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import middy from '@middy/core';

export const logger = new Logger({ serviceName: 'sentry' });
export const metrics = new Metrics({ namespace: 'Sentry', serviceName: 'sentry' });
const tracer = new Tracer({ serviceName: 'sentry' });

/** The middleware every function wears: structured log with request ids, EMF metrics, X-Ray segment. */
export function withStack<Event, Result>(run: (event: Event) => Promise<Result>) {
  return middy<Event, Result>()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(logMetrics(metrics))
    .use(captureLambdaHandler(tracer, { captureResponse: false }))
    .handler(run);
}
