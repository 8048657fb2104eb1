import { createHash } from 'node:crypto';

const BACKOFF_MAX_MS = 5 * 60_000;

/** 0 ≤ x < 1, always the same for the same key and attempt: retries spread, and tests repeat. */
function jitter(key: string, attempt: number): number {
  const digest = createHash('sha256').update(`${key}#${attempt}`).digest();
  return digest.readUInt32BE(0) / 2 ** 32;
}

/**
 * How long to wait after the failed `attempt` (from 1 on), in milliseconds: min(2^attempt s, 5 min),
 * of which the upper half is jitter, and never less than what the receiver asked for.
 */
export function retryDelayMs(key: string, attempt: number, retryAfterMs?: number): number {
  const share = jitter(key, attempt);
  const backoff = Math.min(2 ** Math.min(attempt, 20) * 1000, BACKOFF_MAX_MS) * (0.5 + share / 2);
  if (retryAfterMs === undefined) return Math.ceil(backoff);
  const spread = Math.min(retryAfterMs * 0.1, 60_000) * share;
  return Math.ceil(Math.max(backoff, retryAfterMs + spread));
}
