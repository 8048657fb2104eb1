import { randomUUID } from 'node:crypto';

/**
 * The system clock of this process. `offsetMs` is 0 in production; the local worker sets it before
 * each invocation so that a moved clock is the same everywhere.
 */
export const systemClock = {
  offsetMs: 0,
  now(): number {
    return Date.now() + this.offsetMs;
  },
};

/** Nanoseconds that no clock adjustment moves; handed down as `ctx.stopwatch`. */
export function stopwatch(): number {
  return performance.now() * 1e6;
}

/** A fresh random UUID; handed down as `ctx.newId`. */
export function newId(): string {
  return randomUUID();
}
