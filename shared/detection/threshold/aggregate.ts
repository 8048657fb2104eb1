import { createHash } from 'node:crypto';

import type { ThresholdConfig } from './config.ts';

/** What is added up of a window; a rate is a count or a sum, told in another measure. */
export function measureOf({
  aggregate,
  field,
}: ThresholdConfig): Exclude<ThresholdConfig['aggregate'], 'rate'> {
  if (aggregate !== 'rate') return aggregate;
  return field === undefined ? 'count' : 'sum';
}

/** A count or sum in the measure of the limit: as it is, or per `per_seconds` of the window. */
export function inMeasure(config: ThresholdConfig, total: number): number {
  if (config.aggregate !== 'rate') return total;
  return (total * (config.per_seconds ?? 1)) / config.window_seconds;
}

/** The place, from 1, of the percentile among `count` sorted values (nearest rank). */
export function rankOf(config: ThresholdConfig, count: number): number {
  return Math.max(1, Math.ceil(((config.percentile ?? 50) / 100) * count));
}

/** Whether an aggregate over `count` events crosses the rule's limit. */
export function crosses(config: ThresholdConfig, aggregate: number, count: number): boolean {
  if (count < config.min_events) return false;
  switch (config.operator) {
    case '>':
      return aggregate > config.threshold;
    case '<':
      return aggregate < config.threshold;
    case '<=':
      return aggregate <= config.threshold;
    default:
      return aggregate >= config.threshold;
  }
}

/** The number a sample keeps of its event, or the reason there is none. */
export function sampleValue(config: ThresholdConfig, value: unknown): number | string {
  const measure = measureOf(config);
  if (measure === 'count') return 0;
  if (value === undefined || value === null) return `no value at ${config.field}`;
  if (measure === 'distinct') {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
      return `${config.field} is not a single value`;
    return hash48(`${typeof value}:${value}`);
  }
  if (typeof value !== 'number') return `${config.field} is not a number`;
  return Number.isFinite(value) ? value : `${config.field} is not finite`;
}

/** 48 bits of sha-256, as an integer that a number holds exactly. */
function hash48(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6);
}
