import { MetricUnit } from '@aws-lambda-powertools/metrics';

import { logger, metrics } from './observe.ts';

/** Told what went wrong without stopping the work: one line in the log and one count. */
export type Warn = (what: string, detail: Record<string, unknown>) => void;

/** Writes the warning to the log and counts it under `Warnings`. */
export const warn: Warn = (what, detail) => {
  logger.warn(what, detail);
  metrics.addMetric('Warnings', MetricUnit.Count, 1);
};
