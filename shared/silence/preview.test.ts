import { expect, it } from 'vitest';

import { BUILT_AT, buildAlert } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';

import { previewSilence } from './preview.ts';

const ctx = buildContext({ now: Date.parse(BUILT_AT) });
const matchers = [{ field: 'service', op: '=', value: 'checkout' } as const];

it('a preview reads 5,000 alerts at most, says that there are more, and names 100', async () => {
  const read: (string | undefined)[] = [];
  const work = {
    async listAlerts(
      _tenant: string,
      filter: { states?: readonly string[] },
      { limit, cursor }: { limit: number; cursor?: string },
    ) {
      if (filter.states) return { items: [] };
      read.push(cursor);
      return { items: Array.from({ length: limit }, () => buildAlert()), cursor: `${read.length}` };
    },
  };
  const { past, now } = await previewSilence({ work }, ctx, matchers);
  expect(read).toHaveLength(50);
  expect([past.alerts, past.truncated, past.examples.length]).toEqual([5_000, true, 100]);
  expect([now.alerts, now.truncated]).toEqual([0, false]);
});

it('a preview stops reading where its 30 days begin', async () => {
  let reads = 0;
  const work = {
    async listAlerts() {
      reads++;
      const old = buildAlert({ created_at: '2026-01-29T11:59:59.999Z' });
      const first = buildAlert({ created_at: '2026-01-30T12:00:00.000Z' });
      return { items: [buildAlert(), first, old], cursor: 'more' };
    },
  };
  const { past } = await previewSilence({ work }, ctx, matchers);
  expect([past.alerts, past.truncated]).toEqual([2, false]);
  expect(reads).toBeGreaterThan(1);
});

it.each([
  ['a broken pattern', '('],
  ['what matches everything', '.*'],
])('a preview of %s is refused', async (_, value) => {
  const work = { listAlerts: async () => ({ items: [] }) };
  const asked = previewSilence({ work }, ctx, [{ field: 'service', op: '=~', value }]);
  await expect(asked).rejects.toMatchObject({ code: 'invalid_input' });
});

it('a preview needs the scope to read policies', async () => {
  const work = { listAlerts: async () => ({ items: [] }) };
  const nobody = { ...ctx, scopes: new Set<never>() };
  await expect(previewSilence({ work }, nobody, matchers)).rejects.toMatchObject({
    code: 'forbidden',
  });
});
