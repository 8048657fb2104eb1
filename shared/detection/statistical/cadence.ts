/** A gap counts for at most this many usual intervals. */
const GAP_INTERVALS_MAX = 10;
const GAIN = 0.05;

/**
 * The mean interval between points in seconds, 0 while unknown, after one more interval: simultaneous
 * points say nothing of it, gaps little.
 */
export function nextCadence(cadence: number, seconds: number): number {
  if (seconds <= 0) return cadence;
  if (cadence === 0) return seconds;
  return cadence + GAIN * (Math.min(seconds, cadence * GAP_INTERVALS_MAX) - cadence);
}
