import { beforeEach, describe, expect, it } from 'vitest';

import type { LaneStore } from '#shared/ports/lane-store.ts';
import type { SeriesCensusStore } from '#shared/ports/series-census-store.ts';

import { BUILT_AT } from './build-alert.ts';
import { refusal } from './work-store-rig.ts';

interface LedgersUnderTest {
  lanes: LaneStore;
  census: SeriesCensusStore;
}

/** What every LaneStore and SeriesCensusStore promises; each adapter's test calls it with fresh ones per case. */
export function detectorLedgerContract(name: string, make: () => Promise<LedgersUnderTest>): void {
  describe(`${name} keeps the contract of the detector's ledgers`, () => {
    let lanes: LaneStore;
    let census: SeriesCensusStore;
    beforeEach(async () => void ({ lanes, census } = await make()));

    it('gives back what each lane noted last', async () => {
      expect(await lanes.list()).toEqual([]);
      const lane = (shard: string, arrived_at = BUILT_AT) => ({
        shard,
        arrived_at,
        noted_at: BUILT_AT,
      });
      await lanes.note(lane('shardId-000000000000', '2026-02-28T00:00:00.000Z'));
      await lanes.note(lane('shardId-000000000001'));
      await lanes.note(lane('shardId-000000000000'));
      const noted = (await lanes.list()).sort((a, b) => (a.shard < b.shard ? -1 : 1));
      expect(noted).toEqual([lane('shardId-000000000000'), lane('shardId-000000000001')]);
    });

    it('keeps a census for each tenant and week, replaced only by who read it', async () => {
      const row = (revision: number, tenant = 't1', week = 2_930) => ({
        tenant,
        week,
        sketch: Uint8Array.of(revision, 255),
        revision,
      });
      expect(await census.get('t1', [2_930])).toEqual([undefined]);
      await census.put(row(1), 0);
      await census.put(row(1, 't2'), 0);
      expect((await refusal(census.put(row(1), 0))).code).toBe('conflict');
      await census.put(row(2), 1);
      expect((await refusal(census.put(row(2), 1))).code).toBe('conflict');
      expect(await census.get('t1', [2_929, 2_930])).toEqual([undefined, row(2)]);
      expect(await census.get('t2', [2_930])).toEqual([row(1, 't2')]);
    });
  });
}
