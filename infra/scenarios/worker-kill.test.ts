import { afterAll, beforeAll, expect, it } from 'vitest';

import { seededChance } from './chance.ts';
import { expectCleanEnd } from './clean-end.testing.ts';
import { openScenario, type Scenario } from './harness.ts';
import { makeWorkload } from './workload.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openScenario();
});
afterAll(() => scenario.close());

it('F3: SIGKILL of either worker at any time loses no alert, no count and no message', async () => {
  const puts = makeWorkload({ events: 20_000, seed: 4, from: Date.now() - 600_000 });
  const chance = seededChance(4);
  let kills = 0;
  await scenario.put(puts, {
    batch: 500,
    async onProgress(answered) {
      if (answered < (kills + 1) * 4_000 || kills === 4) return;
      // Somewhere within what a batch of records takes.
      await new Promise((resolve) => setTimeout(resolve, chance() * 40));
      if (scenario.kill(kills % 2 === 0 ? 'stream' : 'request')) kills += 1;
    },
  });
  expect(kills).toBe(4);
  await scenario.settle();
  await expectCleanEnd(scenario, puts);
}, 60_000);
