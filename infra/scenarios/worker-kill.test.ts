import { afterAll, beforeAll, expect, it } from 'vitest';

import { seededChance } from '#infra/simulator/random.ts';
import { expectCleanEnd } from './clean-end.testing.ts';
import { openScenario, type Scenario } from './harness.ts';
import { CLAIMED, DETECTED, killAt, RECORDED } from './kill-at.ts';
import { makeWorkload } from './workload.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openScenario();
});
afterAll(() => scenario.close());

it('F3: SIGKILL of either worker in the middle of its commits loses and doubles nothing', async () => {
  const chance = seededChance(4).next;
  const among = (from: number, to: number) => from + Math.floor(chance() * (to - from));
  const killing = killAt(scenario, [
    { worker: 'stream', commit: DETECTED, number: among(5, 15), when: 'after' },
    { worker: 'stream', commit: DETECTED, number: among(30, 45), when: 'after' },
    { worker: 'request', commit: CLAIMED, number: among(3, 15), when: 'after' },
    { worker: 'request', commit: RECORDED, number: among(20, 40), when: 'before' },
  ]);
  const from = Date.now() - 600_000;
  const puts = makeWorkload({ events: 20_000, seed: 4, matching: 0.02, from });
  await scenario.put(puts, { batch: 500 });
  await scenario.settle();
  expect(killing.reached()).toBe(4);
  await expectCleanEnd(scenario, puts);
}, 60_000);
