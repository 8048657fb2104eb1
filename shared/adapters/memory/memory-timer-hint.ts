import type { Hint, TimerHint } from '#shared/ports/timer-hint.ts';

/** Keeps the hints it was given in `given`, for tests. */
export function createMemoryTimerHint(): {
  timers: TimerHint;
  given: { hint: Hint; delayMs: number }[];
} {
  const given: { hint: Hint; delayMs: number }[] = [];
  return {
    given,
    timers: {
      async hint(hint, delayMs) {
        given.push({ hint: { ...hint }, delayMs });
      },
    },
  };
}
