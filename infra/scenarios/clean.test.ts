import { afterAll, beforeAll, expect, it } from 'vitest';

import { expectCleanEnd, unexpectedLines } from './clean-end.testing.ts';
import { openScenario, type Scenario } from './harness.ts';
import { makeWorkload } from './workload.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openScenario();
});
afterAll(() => scenario.close());

it('without a fault every alert an oracle expects opens once, counts exactly and is told once', async () => {
  const puts = makeWorkload({ events: 4_000, seed: 1, matching: 0.05, from: Date.now() - 600_000 });
  await scenario.put(puts);
  const { minutes } = await scenario.settle();
  const messages = await expectCleanEnd(scenario, puts);
  expect(messages.repeated).toBe(0);
  // Nothing is tried twice. Only what keeps to its receiver's pace waits for the moved clock.
  const { deliveries } = await scenario.snapshot();
  expect(Math.max(...deliveries.map(({ attempts }) => attempts))).toBe(1);
  expect(minutes).toBeLessThanOrEqual(10);
  expect(unexpectedLines(scenario.log())).toEqual([]);
});
