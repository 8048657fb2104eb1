import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves once it holds; throws when it does not within `deadlineMs` of real time. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  deadlineMs = 15_000,
): Promise<void> {
  const givenUpAt = performance.now() + deadlineMs;
  while (!(await holds())) {
    if (performance.now() > givenUpAt)
      throw new Error(`it never came to hold: ${holds.toString()}`);
    await sleep(5);
  }
}
