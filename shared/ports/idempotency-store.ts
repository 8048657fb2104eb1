/** What is remembered of a write that carried an `Idempotency-Key`. */
export type Remembered =
  /** Nobody used the key: it is the caller's now, to be finished or forgotten. */
  | { kind: 'claimed' }
  /** The first call with this key is still running. */
  | { kind: 'running'; fingerprint: string }
  | { kind: 'done'; fingerprint: string; response_json: string };

/** Answers of writes, kept so that a repeated request gets the same. Throws `unavailable` on passing faults. */
export interface IdempotencyStore {
  /**
   * Claims `key` (already bound to tenant and caller) for a request with that fingerprint. A claim
   * that was never finished is free again at `claimUntil`; all times in milliseconds since the epoch.
   */
  claim(
    tenant: string,
    key: string,
    claim: { fingerprint: string; now: number; claimUntil: number },
  ): Promise<Remembered>;
  finish(
    tenant: string,
    key: string,
    answer: { fingerprint: string; response_json: string; expiresAt: number },
  ): Promise<void>;
  /** After a failure: the next request with the key runs again. */
  forget(tenant: string, key: string): Promise<void>;
}
