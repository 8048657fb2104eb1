import { describe, expect, it } from 'vitest';

import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { buildDelivery, BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';

import { redrive, redriveChannel } from './redrive.ts';
import type { Delivery } from './schema.ts';

const NOW = Date.parse(BUILT_AT);
const ctx = buildContext({ now: NOW });
const nobody = buildContext({ now: NOW }, { scopes: new Set() });
const dead = buildDelivery({ status: 'DEAD', next_attempt_at: undefined, attempts: 9 });

async function holding(...rows: Delivery[]) {
  const work = createMemoryWorkStore(createMemoryTables(), () => NOW);
  const changes = rows.map((row) => ({ kind: 'delivery', row, expected: 0 }) as const);
  await work.commit({ changes, journal: [], outbox: [] });
  return work;
}
const lost = async () => {
  throw new SentryError('conflict', 'lost');
};

describe('a delivery that is taken up again', () => {
  it('is owed at once; asked for twice it is taken up once', async () => {
    const work = await holding(dead);
    const row = await redrive({ work }, ctx, dead.delivery_key);
    expect(row).toMatchObject({ status: 'QUEUED', next_attempt_at: BUILT_AT, revision: 2 });
    expect(await redrive({ work }, ctx, dead.delivery_key)).toEqual(row);
  });

  it('has to be one, and dead, and the caller’s to take up', async () => {
    const work = await holding(buildDelivery());
    const asked = redrive({ work }, ctx, dead.delivery_key);
    await expect(asked).rejects.toMatchObject({ code: 'conflict' });
    await expect(redrive({ work }, ctx, `${dead.alert_id}|7|none`)).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(redrive({ work }, ctx, 'none')).rejects.toMatchObject({ code: 'not_found' });
    const refused = redrive({ work: await holding(dead) }, nobody, dead.delivery_key);
    await expect(refused).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('is given up after five lost races, and the caller told', async () => {
    const work = await holding(dead);
    let tries = 0;
    const racing = { ...work, commit: async () => (tries++, lost()) };
    const asked = redrive({ work: racing }, ctx, dead.delivery_key);
    await expect(asked).rejects.toMatchObject({ code: 'conflict' });
    expect(tries).toBe(5);
  });
});

describe('the dead deliveries of a channel', () => {
  const keyOf = (n: number) => ({ ...dead, step: n, delivery_key: `${dead.alert_id}|${n}|x` });
  const rows = [1, 2, 3].map((n) => ({ ...keyOf(n), destination: 'x' }));
  const asked: unknown[] = [];
  const listing = (cursor?: string) => ({
    listDead: async (...args: unknown[]) => {
      asked.push(args);
      return { items: rows, ...(cursor !== undefined && { cursor }) };
    },
  });

  it('are taken up but those that are dead no more, which are counted', async () => {
    const [first, second, third] = rows;
    const work = await holding(first!, { ...second!, status: 'SENT' }, third!);
    const ports = { work, dead: listing() };
    const answer = await redriveChannel(ports, ctx, 'x');
    expect(answer).toEqual({ redriven: 2, skipped: 1, more: false });
    expect(asked.at(-1)).toEqual(['t1', { destination: 'x' }, { limit: 100 }]);
    const again = await redriveChannel({ work, dead: listing('c') }, ctx, 'x');
    expect(again).toEqual({ redriven: 0, skipped: 3, more: true });
  });

  it('that others take up at the same time are theirs', async () => {
    const work = { ...(await holding(...rows)), commit: lost };
    expect(await redriveChannel({ work, dead: listing() }, ctx, 'x')).toEqual({
      redriven: 0,
      skipped: 3,
      more: false,
    });
  });

  it('are not for everybody', async () => {
    const ports = { work: await holding(...rows), dead: listing() };
    await expect(redriveChannel(ports, nobody, 'x')).rejects.toMatchObject({ code: 'forbidden' });
  });
});
