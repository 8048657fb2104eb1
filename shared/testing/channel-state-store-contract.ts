import { expect, it } from 'vitest';

import type { ChannelStateStore } from '#shared/ports/channel-state-store.ts';

const HOUR_MS = 3_600_000;

/** What every store of channel state keeps to; `make` gives an empty one and the time it goes by. */
export function channelStateStoreContract(
  make: () => Promise<{ store: ChannelStateStore; now: number }>,
): void {
  it('gives a revision to exactly one of many writers, per tenant, channel and name', async () => {
    const { store, now } = await make();
    const state = { value: { n: 1 }, expected: 0, expiresAt: now + 1000 };
    const ends = await Promise.allSettled(
      Array.from({ length: 4 }, () => store.put('t1', 'c', 'pace', state)),
    );
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(ends.find((end) => end.status === 'rejected')?.reason).toMatchObject({
      code: 'conflict',
    });
    expect(await store.get('t1', 'c', 'pace')).toEqual({ value: { n: 1 }, revision: 1 });
    for (const [tenant, channel, name] of [
      ['t2', 'c', 'pace'],
      ['t1', 'd', 'pace'],
      ['t1', 'c', 'other'],
    ] as const)
      expect(await store.get(tenant, channel, name)).toBeUndefined();
    await store.put('t1', 'c', 'pace', { ...state, value: [2], expected: 1 });
    expect(await store.get('t1', 'c', 'pace')).toEqual({ value: [2], revision: 2 });
  });

  it('forgets what has expired, and lets it begin anew', async () => {
    const { store, now } = await make();
    await store.put('t1', 'c', 'x', { value: 1, expected: 0, expiresAt: now });
    expect(await store.get('t1', 'c', 'x')).toBeUndefined();
    await store.put('t1', 'c', 'x', { value: 2, expected: 0, expiresAt: now + 1 });
    expect(await store.get('t1', 'c', 'x')).toEqual({ value: 2, revision: 1 });
  });

  it('counts concurrent news of an hour without losing any, and keeps the last words of each', async () => {
    const { store, now } = await make();
    const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
    await Promise.all(
      Array.from({ length: 5 }, () =>
        store.count('t1', 'c', { counter: 'sent', at: hour, words: 'ok' }),
      ),
    );
    await store.count('t1', 'c', { counter: 'failed', at: hour + 1, words: 'HTTP 500' });
    await store.count('t1', 'c', { counter: 'heard', at: hour + HOUR_MS });
    await store.count('t2', 'c', { counter: 'sent', at: hour });
    expect(await store.hours('t1', 'c', 10)).toEqual([
      {
        hour: new Date(hour + HOUR_MS).toISOString(),
        counts: { heard: 1 },
        last: { heard: { at: new Date(hour + HOUR_MS).toISOString() } },
      },
      {
        hour: new Date(hour).toISOString(),
        counts: { sent: 5, failed: 1 },
        last: {
          sent: { at: new Date(hour).toISOString(), words: 'ok' },
          failed: { at: new Date(hour + 1).toISOString(), words: 'HTTP 500' },
        },
      },
    ]);
    expect(await store.hours('t1', 'c', 1)).toHaveLength(1);
  });
}
