import { describe, expect, it } from 'vitest';

import type { BacktestStore } from '#shared/ports/backtest-store.ts';

import { BUILT_AT } from './build-alert.ts';
import { buildBacktest } from './build-backtest.ts';
import { buildRule } from './build-rule.ts';

const NOW = Date.parse(BUILT_AT);
const RESULT = { matches: 3 } as never;

/** What every backtest store keeps to; `open` gives an empty one whose clock stands at BUILT_AT. */
export function backtestStoreContract(name: string, open: () => Promise<BacktestStore>): void {
  describe(`${name}: backtests`, () => {
    it('are written once, read back whole, and belong to their tenant', async () => {
      const store = await open();
      const job = buildBacktest();
      await store.create(job, [buildRule()]);
      expect(await store.get('t1', 'b1')).toEqual(job);
      expect(await store.rules('t1', 'b1')).toEqual([buildRule()]);
      expect(await store.result('t1', 'b1')).toBeUndefined();
      expect(await store.get('t2', 'b1')).toBeUndefined();
      expect(await store.rules('t2', 'b1')).toEqual([]);
      const other = store.create(buildBacktest({ created_by: 'user:eve' }), []);
      await expect(other).rejects.toMatchObject({ code: 'conflict' });
      expect((await store.get('t1', 'b1'))!.created_by).toBe('user:ruth');
    });

    it('change only from the revision that was read', async () => {
      const store = await open();
      await store.create(buildBacktest(), []);
      const done = buildBacktest({ state: 'DONE', revision: 2 });
      await store.save(done, RESULT);
      expect(await store.get('t1', 'b1')).toEqual(done);
      expect(await store.result('t1', 'b1')).toEqual(RESULT);
      const late = store.save(buildBacktest({ state: 'CANCELLED', revision: 2 }));
      await expect(late).rejects.toMatchObject({ code: 'conflict' });
      const gone = store.save(buildBacktest({ backtest_id: 'none', revision: 2 }));
      await expect(gone).rejects.toMatchObject({ code: 'conflict' });
    });

    it('are listed newest first, as many as asked for, without their place', async () => {
      const store = await open();
      await store.takePlace('t1', 'b1', NOW + 1_000);
      for (const backtest_id of ['b2', 'b1', 'b3'])
        await store.create(buildBacktest({ backtest_id }), [buildRule()]);
      await store.create(buildBacktest({ tenant: 't2', backtest_id: 'b9' }), []);
      const ids = (await store.list('t1', 2)).map(({ backtest_id }) => backtest_id);
      expect(ids).toEqual(['b3', 'b2']);
    });

    it('run in one place per tenant, until it is left or its time is over', async () => {
      const store = await open();
      expect(await store.takePlace('t1', 'b1', NOW + 1_000)).toBe(true);
      expect(await store.takePlace('t1', 'b1', NOW + 2_000)).toBe(true);
      expect(await store.takePlace('t1', 'b2', NOW + 1_000)).toBe(false);
      expect(await store.takePlace('t2', 'b2', NOW)).toBe(true);
      expect(await store.takePlace('t2', 'b3', NOW + 1_000)).toBe(true);
      await store.leavePlace('t1', 'b2');
      expect(await store.takePlace('t1', 'b2', NOW + 1_000)).toBe(false);
      await store.leavePlace('t1', 'b1');
      expect(await store.takePlace('t1', 'b2', NOW + 1_000)).toBe(true);
    });
  });
}
