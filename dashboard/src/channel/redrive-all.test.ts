import { describe, expect, it } from 'vitest';

import type { Call } from '#dashboard/api/http.ts';

import { countDead, redriveAll } from './redrive-all.ts';

/** Answers one after another; says what was asked. */
function script(answers: object[]) {
  const asked: [string, object][] = [];
  const call = ((operation: string, params: object) => {
    asked.push([operation, params]);
    return Promise.resolve(answers.shift());
  }) as unknown as Call;
  return { call, asked };
}
const page = (count: number, cursor?: string) => ({
  items: Array.from({ length: count }, () => ({})),
  ...(cursor !== undefined && { cursor }),
});

describe('all dead deliveries of a channel', () => {
  it('are counted page by page', async () => {
    const { call, asked } = script([page(100, 'b'), page(100, 'c'), page(7)]);
    expect(await countDead(call, 'slack')).toEqual({ count: 207, isMore: false });
    expect(asked.at(-1)).toEqual([
      'deliveries.list',
      { channel_id: 'slack', limit: 100, cursor: 'c' },
    ]);
  });

  it('are said to be more where counting ends', async () => {
    const { call } = script(Array.from({ length: 20 }, () => page(100, 'x')));
    expect(await countDead(call, 'slack')).toEqual({ count: 2_000, isMore: true });
  });

  it('are tried again a hundred a call, and it says how far it is', async () => {
    const { call, asked } = script([
      { redriven: 100, skipped: 0, more: true },
      { redriven: 98, skipped: 2, more: true },
      { redriven: 7, skipped: 0, more: false },
    ]);
    const told: number[] = [];
    const all = redriveAll(call, 'slack', { count: 207, isMore: false }, (n) => told.push(n));
    expect(await all).toBe(205);
    expect(told).toEqual([100, 198, 205]);
    expect(asked).toHaveLength(3);
  });

  it('that die again at once are not tried for ever', async () => {
    const again = { redriven: 100, skipped: 0, more: true };
    const dying = script([again, again, again, again]);
    expect(await redriveAll(dying.call, 'a', { count: 200, isMore: false }, () => {})).toBe(200);
    const stuck = script([{ redriven: 0, skipped: 100, more: true }]);
    expect(await redriveAll(stuck.call, 'a', { count: 200, isMore: false }, () => {})).toBe(0);
  });
});
