import type { SelfResolves } from './schema.ts';

/** An alert that is over by itself within this time was not worth waking anybody for. */
export const QUICK_MS = 5 * 60_000;
/** How sure it has to be before an alert waits. */
export const HOLD_SCORE = 0.8;
/** What is believed of a group without a history: most alerts do not go by themselves. */
const PRIOR: SelfResolves = { quick: 0.5, slow: 2 };
/** Each life counts so much of the one after it: about the last twenty matter. */
const DECAY = 0.95;

/**
 * How likely an alert of a group is to be over by itself within five minutes, 0 … 1: the mean of a beta
 * distribution over the lives of that group so far, the younger counting more. Pure.
 */
export function fatigueScore(history: SelfResolves | undefined): number {
  const quick = PRIOR.quick + (history?.quick ?? 0);
  const slow = PRIOR.slow + (history?.slow ?? 0);
  return Math.round((quick / (quick + slow)) * 1_000) / 1_000;
}

/**
 * The history with one more life of `lastedMs`. One that people ended within five minutes says nothing:
 * nobody knows whether it would have gone by itself. Pure.
 */
export function learnResolve(
  history: SelfResolves | undefined,
  { lastedMs, byItself }: { lastedMs: number; byItself: boolean },
): SelfResolves | undefined {
  const isQuick = lastedMs <= QUICK_MS;
  if (isQuick && !byItself) return history;
  const { quick, slow } = history ?? { quick: 0, slow: 0 };
  return {
    quick: rounded(quick * DECAY + (isQuick ? 1 : 0)),
    slow: rounded(slow * DECAY + (isQuick ? 0 : 1)),
  };
}

/** The same digits wherever it is stored. */
function rounded(count: number): number {
  return Math.round(count * 1e6) / 1e6;
}
