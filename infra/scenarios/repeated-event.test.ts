import { afterAll, beforeAll, expect, it } from 'vitest';

import { expectCleanEnd } from './clean-end.testing.ts';
import { openScenario, type Scenario } from './harness.ts';
import { makeWorkload, repeatAndShuffle } from './workload.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openScenario();
});
afterAll(() => scenario.close());

it('F2: each event one to four times, shuffled within 60 s, gives the same alerts and exact counts', async () => {
  const puts = makeWorkload({ events: 2_000, seed: 3, matching: 0.1, from: Date.now() - 600_000 });
  const copies = repeatAndShuffle(puts, 3, 60_000);
  expect(copies.length).toBeGreaterThan(2 * puts.length);
  await scenario.put(copies);
  await scenario.settle();
  const messages = await expectCleanEnd(scenario, copies);
  expect(messages.repeated).toBe(0);
});
