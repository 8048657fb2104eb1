import { expect, it } from 'vitest';

import type { IdempotencyStore } from '#shared/ports/idempotency-store.ts';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');

/** What every idempotency store keeps to; `make` gives an empty one. */
export function idempotencyStoreContract(
  make: () => IdempotencyStore | Promise<IdempotencyStore>,
): void {
  const claim = { fingerprint: 'f', now: NOW, claimUntil: NOW + 60_000 };

  it('gives a key to exactly one of many claimants', async () => {
    const store = await make();
    const all = await Promise.all(Array.from({ length: 6 }, () => store.claim('t1', 'k', claim)));
    expect(all.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
    expect(all.filter(({ kind }) => kind === 'running')).toHaveLength(5);
    expect(await store.claim('t2', 'k', claim)).toEqual({ kind: 'claimed' });
  });

  it('tells the answer until it expires, and frees a claim that was never finished', async () => {
    const store = await make();
    await store.claim('t1', 'k', claim);
    expect(await store.claim('t1', 'k', { ...claim, now: claim.claimUntil })).toEqual({
      kind: 'claimed',
    });
    const answer = { fingerprint: 'f', response_json: '{"é":1}', expiresAt: NOW + 1000 };
    await store.finish('t1', 'k', answer);
    expect(await store.claim('t1', 'k', { ...claim, fingerprint: 'g' })).toEqual({
      kind: 'done',
      fingerprint: 'f',
      response_json: '{"é":1}',
    });
    expect(await store.claim('t1', 'k', { ...claim, now: NOW + 1000 })).toEqual({
      kind: 'claimed',
    });
  });

  it('lets the key be used again after a failure', async () => {
    const store = await make();
    await store.claim('t1', 'k', claim);
    await store.forget('t1', 'k');
    expect(await store.claim('t1', 'k', claim)).toEqual({ kind: 'claimed' });
  });
}
