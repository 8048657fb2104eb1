import { beforeAll, describe, expect, it } from 'vitest';

import { DETECTOR_KINDS } from '#shared/detection/kinds.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';

import { compareRuns, type RedeliveryRun, runRedelivery } from './redelivery.ts';
import { REDELIVERY_RULES } from './redelivery-events.ts';

const RUN = { events: 10_000, seed: 7 };

describe('with a rule of every kind of detector', () => {
  let clean: RedeliveryRun;
  beforeAll(async () => {
    clean = await runRedelivery({ ...RUN, manner: 'clean' });
  }, 120_000);

  it('a run is worth comparing: every rule made series and state, and every kind opened alerts', () => {
    const rules = REDELIVERY_RULES.map(({ rule_id }) => rule_id);
    expect(Object.keys(clean.series).sort()).toEqual(rules.toSorted());
    const fired = new Set(
      REDELIVERY_RULES.filter(({ rule_id }) => clean.alerts[rule_id]).map(
        ({ detector }) => detector.kind,
      ),
    );
    expect([...fired].sort()).toEqual(Object.keys(DETECTOR_KINDS).sort());
    expect(clean.state_bytes).toBeGreaterThan(50_000);
  });

  it('every batch redelivered three times and more, whole, cut anew and among others, changes no byte of any row', async () => {
    const again = await runRedelivery({ ...RUN, manner: 'redelivered' });
    expect(again.deliveries_of_batches).toBeGreaterThan(4 * clean.deliveries_of_batches);
    expect(again.duplicates).toBeGreaterThan(2 * clean.duplicates);
    expect(compareRuns(clean, again)).toEqual([]);
  }, 240_000);

  it('commits refused somewhere in every tenth batch change no byte of any row either', async () => {
    const refused = await runRedelivery({ ...RUN, manner: 'refused' });
    expect(refused.deliveries_of_batches).toBeGreaterThan(clean.deliveries_of_batches);
    expect(compareRuns(clean, refused)).toEqual([]);
  }, 240_000);
});

it('the comparison sees what a store without fence and seen ids does', async () => {
  const naked = (work: WorkStore): WorkStore => ({
    ...work,
    getSeries: async (tenant, keys) =>
      (await work.getSeries(tenant, keys)).map((row) => row && { ...row, fence: {} }),
    getSeen: async (tenant, keys) =>
      (await work.getSeen(tenant, keys)).map((row) => row && { ...row, ids: new Uint8Array() }),
  });
  const few = { events: 600, seed: 7 };
  const clean = await runRedelivery({ ...few, manner: 'clean' }, naked);
  const again = await runRedelivery({ ...few, manner: 'redelivered' }, naked);
  const names = new Set(compareRuns(clean, again).map((line) => line.split(' ')[0]));
  expect([...names]).toEqual(expect.arrayContaining(['series', 'alerts']));
}, 120_000);
