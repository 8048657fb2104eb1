/** Longest pause between two attempts, in milliseconds: 185 of them fill about 24 hours. */
const PAUSE_MAX_MS = 10 * 60_000;

/**
 * Milliseconds until the next attempt after `attempts` failed ones: 1 s doubling to 10 min, the upper
 * half of it random. `random` gives a number in [0, 1).
 */
export function backoffMs(attempts: number, random: () => number): number {
  const pause = Math.min(1000 * 2 ** (attempts - 1), PAUSE_MAX_MS);
  return Math.round(pause / 2 + (pause / 2) * random());
}
