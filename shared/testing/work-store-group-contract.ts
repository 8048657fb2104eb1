import { beforeEach, describe, expect, it } from 'vitest';

import { type AlertGroup, Grouping } from '#shared/grouping/schema.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';

import { BUILT_AT } from './build-alert.ts';
import { commitOf, DAY_MS, refusal, type WorkStoreUnderTest } from './work-store-rig.ts';

function buildGroup(fields: Partial<AlertGroup> = {}): AlertGroup {
  return {
    alert_group_id: 'group-1',
    tenant: 't1',
    policy_id: 'default',
    settings: Grouping.parse({}),
    labels: { service: 'checkout', 'labels.constructor': '\ud800' },
    episode: 1,
    members: [{ alert_id: 'a', state: 'OPEN', severity: 'ERROR', told: true }],
    alert_id: 'own',
    message: { number: 1, at: BUILT_AT, reason: 'first', firing: ['a'], resolved: [] },
    looked_at: BUILT_AT,
    wish: { state: 'ACK', by: 'user:ada', alert_ids: ['a'] },
    timer: { due_at: BUILT_AT, revision: 1 },
    revision: 1,
    ...fields,
  };
}

/** What every WorkStore promises of groups of alerts. */
export function groupContract(name: string, make: () => Promise<WorkStoreUnderTest>): void {
  describe(`${name} keeps the contract of groups of alerts`, () => {
    let work: WorkStore;
    let clock: { now: number };
    beforeEach(async () => {
      ({ work, clock } = await make());
      clock.now = Date.parse(BUILT_AT);
    });
    const put = (row: AlertGroup, expected = 0) =>
      work.commit(commitOf([{ kind: 'alert.group', row, expected }]));

    it('gives a group back exactly as it was committed, to its tenant', async () => {
      await put(buildGroup());
      expect(await work.getAlertGroup('t1', 'group-1')).toEqual(buildGroup());
      expect(await work.getAlertGroup('t2', 'group-1')).toBeUndefined();
      expect(await work.getAlertGroup('t1', 'other')).toBeUndefined();
    });

    it('refuses the second writer of a group', async () => {
      await put(buildGroup());
      expect((await refusal(put(buildGroup()))).code).toBe('conflict');
      await put(buildGroup({ revision: 2 }), 1);
      expect((await refusal(put(buildGroup({ revision: 2 }), 1))).code).toBe('conflict');
    });

    it('forgets a group 90 days after it is over, and no sooner', async () => {
      await put(buildGroup({ ended_at: BUILT_AT }));
      clock.now += 90 * DAY_MS - 1_000;
      expect(await work.getAlertGroup('t1', 'group-1')).toBeDefined();
      clock.now += 2_000;
      expect(await work.getAlertGroup('t1', 'group-1')).toBeUndefined();
    });
  });
}
