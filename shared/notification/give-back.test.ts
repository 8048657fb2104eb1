import { describe, expect, it } from 'vitest';

import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryTimerHint } from '#shared/adapters/memory/memory-timer-hint.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { buildDelivery, BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';

import { claim } from './attempt.ts';
import { putOff, settleBack } from './give-back.ts';
import type { Delivery } from './schema.ts';

const NOW = Date.parse(BUILT_AT);
const UNTIL = NOW + 30_000;
const ctx = buildContext({ now: NOW });
const before = buildDelivery({ attempts: 2 });
const claimed = claim(before, 'me', 'trigger', NOW);

/** A store in which the row stands like this; `raced` changes it once more before the first write. */
async function holding(row: Delivery, raced?: Partial<Delivery>) {
  const store = createMemoryWorkStore(createMemoryTables(), () => NOW);
  const put = (next: Delivery) => ({
    changes: [{ kind: 'delivery', row: next, expected: next.revision - 1 } as const],
    journal: [],
    outbox: [],
  });
  for (let revision = 1; revision <= row.revision; revision++)
    await store.commit(put({ ...row, revision }));
  let commits = 0;
  const work: typeof store = {
    ...store,
    async commit(commit) {
      if (commits++ === 0 && raced)
        await store.commit(put({ ...row, ...raced, revision: row.revision + 1 }));
      await store.commit(commit);
    },
  };
  const { timers, given } = createMemoryTimerHint();
  const { tenant, alert_id, step, destination } = row;
  const found = () => store.getDelivery(tenant, alert_id, step, destination);
  return { ports: { work, timers }, given, found, commits: () => commits };
}

describe('a claimed delivery that is put off', () => {
  it('comes again at its turn, as if it had not been tried, and is hinted', async () => {
    const { ports, given, found } = await holding(claimed);
    const report = await putOff(ctx, ports, claimed, undefined, UNTIL);
    expect(report).toMatchObject({ kind: 'put_off', reason: 'the receiver’s pace' });
    const row = await found();
    expect(row).toEqual({
      ...before,
      attempts: 2,
      put_off: 1,
      next_attempt_at: new Date(UNTIL).toISOString(),
      revision: 3,
    });
    expect(given).toHaveLength(1);
  });

  it('counts how often it was put off, and never fewer attempts than none', async () => {
    const often = { ...claimed, attempts: 0, put_off: 4 };
    const { ports, found } = await holding(often);
    await putOff(ctx, ports, often, 'resolve', UNTIL);
    expect(await found()).toMatchObject({ attempts: 0, put_off: 5, tried: 'resolve' });
  });

  it('is put off all the same when no hint can be given, which is said', async () => {
    const { ports, found } = await holding(claimed);
    const fault = new Error('queue');
    const timers = {
      hint: async () => {
        throw fault;
      },
    };
    const report = await putOff(ctx, { ...ports, timers }, claimed, undefined, UNTIL);
    expect(report).toMatchObject({ kind: 'put_off', hint_error: fault });
    expect((await found())?.put_off).toBe(1);
  });

  it('whose row changed meanwhile is left owing what it owes by now', async () => {
    const { ports, found } = await holding(claimed, { receipt: 'changed' });
    expect((await putOff(ctx, ports, claimed, undefined, UNTIL)).kind).toBe('contended');
    const row = await found();
    expect(row).toMatchObject({ receipt: 'changed', attempts: 3, revision: 4 });
    expect(row?.next_attempt_at).toBe(claimed.next_attempt_at);
  });

  it('of which something else is desired by now is left owing that, at once', async () => {
    const desired = { desired: 'resolve', next_attempt_at: BUILT_AT } as const;
    const { ports, found, given } = await holding(claimed, desired);
    const report = await putOff(ctx, ports, claimed, undefined, UNTIL);
    expect(report.kind).toBe('contended');
    const row = await found();
    expect(row).toMatchObject({ desired: 'resolve', next_attempt_at: BUILT_AT, attempts: 3 });
    for (const gone of ['tried', 'lease_owner', 'put_off'])
      expect(row?.[gone as keyof Delivery]).toBeUndefined();
    expect(given).toHaveLength(0);
  });

  it('that somebody else holds by now is theirs', async () => {
    const { ports, found } = await holding(claimed, { lease_owner: 'other' });
    expect((await putOff(ctx, ports, claimed, undefined, UNTIL)).kind).toBe('contended');
    expect(await found()).toMatchObject({ lease_owner: 'other', tried: 'trigger', attempts: 3 });
  });

  it('whose row never holds still is given up after five tries', async () => {
    const { ports } = await holding(claimed);
    let tries = 0;
    const work = {
      ...ports.work,
      commit: async () => {
        tries++;
        throw new SentryError('conflict', 'lost');
      },
    };
    const report = await putOff(ctx, { ...ports, work }, claimed, undefined, UNTIL);
    expect(report.kind).toBe('contended');
    expect(tries).toBe(5);
  });
});

describe('a claimed delivery that is not needed after all', () => {
  it('is settled with the reason as its receipt', async () => {
    const { ports, found } = await holding(claimed);
    const report = await settleBack(ctx, ports, claimed, undefined, 'not needed: resolved');
    expect(report).toMatchObject({ kind: 'settled', reason: 'not needed: resolved' });
    const row = await found();
    expect(row).toMatchObject({ status: 'CONFIRMED', receipt: 'not needed: resolved' });
    for (const gone of ['tried', 'lease_owner', 'next_attempt_at'])
      expect(row?.[gone as keyof Delivery]).toBeUndefined();
  });

  it('that was wanted anew meanwhile goes on waiting', async () => {
    const again = { desired_at: new Date(NOW + 1).toISOString(), next_attempt_at: BUILT_AT };
    const { ports, found } = await holding(claimed, again);
    const report = await settleBack(ctx, ports, claimed, undefined, 'not needed: resolved');
    expect(report.kind).toBe('contended');
    expect(await found()).toMatchObject({ status: 'QUEUED', next_attempt_at: BUILT_AT });
  });

  it('whose row has gone is nobody’s', async () => {
    const { ports } = await holding(claimed);
    const work = {
      ...ports.work,
      getDelivery: async () => undefined,
      commit: async () => {
        throw new SentryError('conflict', 'lost');
      },
    };
    const report = await settleBack(ctx, { work }, claimed, undefined, 'gone');
    expect(report.kind).toBe('contended');
  });
});
