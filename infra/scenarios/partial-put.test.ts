import { afterAll, beforeAll, expect, it } from 'vitest';

import { expectCleanEnd } from './clean-end.testing.ts';
import { openScenario, type Scenario } from './harness.ts';
import { makeWorkload } from './workload.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openScenario();
});
afterAll(() => scenario.close());

it('F1: PutRecords that refuse a part of their records lose nothing and double nothing', async () => {
  const puts = makeWorkload({ events: 3_000, seed: 2, matching: 0.06, from: Date.now() - 600_000 });
  let calls = 0;
  const report = await scenario.put(puts, {
    // Three calls in ten meet a stream that refuses every third record.
    onProgress: () =>
      scenario.instance.services.kinesis.failPutRecords(++calls % 10 < 3 ? 0.3 : 0, 2),
  });
  expect(report.partial).toBeGreaterThan(3);
  await scenario.settle();
  const messages = await expectCleanEnd(scenario, puts);
  expect(messages.repeated).toBe(0);
});
