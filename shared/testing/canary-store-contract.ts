import { expect, it } from 'vitest';

import type { CanaryStore } from '#shared/ports/canary-store.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

/** What every store of canaries keeps to; `make` gives an empty one. */
export function canaryStoreContract(make: () => Promise<CanaryStore>): void {
  it('holds nothing before the first canary left', async () => {
    const store = await make();
    expect(await store.read()).toEqual({ heard: {} });
  });

  it('keeps when the first canary left, whoever says so later', async () => {
    const store = await make();
    await store.begin(at(1));
    await store.begin(at(0));
    await store.begin(at(9));
    expect(await store.read()).toEqual({ first: at(1), heard: {} });
  });

  it('keeps the newest canary of each end, in whatever order and however often they are heard', async () => {
    const store = await make();
    await store.hear('slack', { sent_at: at(2), heard_at: at(3) });
    await store.hear('slack', { sent_at: at(1), heard_at: at(9) });
    await store.hear('slack', { sent_at: at(2), heard_at: at(8) });
    await store.hear('email', { sent_at: at(1), heard_at: at(2) });
    await store.hear('email', { sent_at: at(4), heard_at: at(5) });
    expect((await store.read()).heard).toEqual({
      slack: { sent_at: at(2), heard_at: at(3) },
      email: { sent_at: at(4), heard_at: at(5) },
    });
  });
}
