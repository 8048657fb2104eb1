import type { IdempotencyStore, Remembered } from '#shared/ports/idempotency-store.ts';

/** The idempotency store in memory, for tests. */
export function createMemoryIdempotencyStore(): IdempotencyStore {
  const rows = new Map<string, { until: number; remembered: Remembered }>();
  return {
    async claim(tenant, key, { fingerprint, now, claimUntil }) {
      const found = rows.get(`${tenant}#${key}`);
      if (found && found.until > now) return found.remembered;
      rows.set(`${tenant}#${key}`, {
        until: claimUntil,
        remembered: { kind: 'running', fingerprint },
      });
      return { kind: 'claimed' };
    },
    async finish(tenant, key, { fingerprint, response_json, expiresAt }) {
      rows.set(`${tenant}#${key}`, {
        until: expiresAt,
        remembered: { kind: 'done', fingerprint, response_json },
      });
    },
    async forget(tenant, key) {
      rows.delete(`${tenant}#${key}`);
    },
  };
}
