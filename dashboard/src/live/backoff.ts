const FIRST_MS = 500;
const MOST_MS = 30_000;

/** Full jitter: anything up to 0.5, 1, 2, … 30 s before the given try, counted from 1; `random` in [0, 1). */
export function backoffMs(attempt: number, random: number): number {
  return Math.round(random * Math.min(MOST_MS, FIRST_MS * 2 ** (attempt - 1)));
}
