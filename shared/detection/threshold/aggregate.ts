import { createHash } from 'node:crypto';

import type { ThresholdConfig } from './config.ts';

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
  if (config.aggregate === 'count') return 0;
  if (value === undefined || value === null) return `no value at ${config.field}`;
  if (config.aggregate === 'distinct') {
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
