import { beforeEach, describe, expect, it } from 'vitest';

import type { RuleActivityStore } from '#shared/ports/rule-activity-store.ts';
import type { RuleActivity } from '#shared/rule/activity-schema.ts';

/** An hour of 2026, since what has expired may be gone. */
export const BUILT_HOUR = Math.floor(Date.parse('2026-01-01T00:00:00.000Z') / 3_600_000);

const build = (fields: Partial<RuleActivity> = {}): RuleActivity => ({
  tenant: 't1',
  hour: BUILT_HOUR,
  shard: 's-0',
  fence: '5',
  matches: { 'cpu-high': 3 },
  revision: 1,
  ...fields,
});

/** What every RuleActivityStore promises; each adapter's test calls it with a fresh store per case. */
export function ruleActivityStoreContract(
  name: string,
  make: () => Promise<RuleActivityStore>,
): void {
  describe(`${name} keeps the rule activity contract`, () => {
    let store: RuleActivityStore;
    beforeEach(async () => {
      store = await make();
    });

    it('gives a row back as it was put, whatever the rules are called', async () => {
      const row = build({ matches: JSON.parse('{"__proto__":1,"constructor":2}') as never });
      await store.put(row);
      expect(await store.get('t1', BUILT_HOUR, 's-0')).toEqual(row);
      expect(await store.get('t1', BUILT_HOUR + 1, 's-0')).toBeUndefined();
      expect(await store.get('t2', BUILT_HOUR, 's-0')).toBeUndefined();
    });

    it('takes a row only over the revision it was counted from', async () => {
      await store.put(build());
      await expect(store.put(build())).rejects.toMatchObject({ code: 'conflict' });
      await store.put(build({ revision: 2, fence: '9' }));
      await expect(store.put(build({ revision: 2 }))).rejects.toMatchObject({ code: 'conflict' });
      expect((await store.get('t1', BUILT_HOUR, 's-0'))!.fence).toBe('9');
    });

    it('lists every shard from an hour on, of one tenant', async () => {
      for (const hour of [BUILT_HOUR, BUILT_HOUR + 1, BUILT_HOUR + 2])
        for (const shard of ['s-0', 's-1']) await store.put(build({ hour, shard }));
      await store.put(build({ tenant: 't2', hour: BUILT_HOUR + 2 }));
      const rows = await store.list('t1', BUILT_HOUR + 1);
      expect(rows.map(({ hour, shard }) => `${hour - BUILT_HOUR} ${shard}`).sort()).toEqual([
        '1 s-0',
        '1 s-1',
        '2 s-0',
        '2 s-1',
      ]);
    });
  });
}
