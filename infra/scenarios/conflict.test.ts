import { afterAll, beforeAll, expect, it } from 'vitest';

import { expectCleanEnd } from './clean-end.testing.ts';
import { openScenario, type Scenario } from './harness.ts';
import { makeWorkload } from './workload.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openScenario();
});
afterAll(() => scenario.close());

it('F7: three of ten writes in conflict or throttled double nothing and lose nothing', async () => {
  const { dynamodb } = scenario.instance.services;
  const puts = makeWorkload({ events: 2_000, seed: 5, matching: 0.08, from: Date.now() - 600_000 });
  let refused = 0;
  let turn = 0;
  const next = () => {
    refused += dynamodb.refusedCalls();
    const kind = turn++ % 2 === 0 ? 'transaction_conflict' : 'throttle';
    dynamodb.fault({ kind, ratio: 0.3, seed: turn });
  };
  next();
  await scenario.put(puts, { onProgress: next });
  await scenario.instance.mappings.streams.get('kinesis → detect')!.idle();
  refused += dynamodb.refusedCalls();
  dynamodb.fault(undefined);
  expect(refused).toBeGreaterThan(20);
  await scenario.settle();
  await expectCleanEnd(scenario, puts);
});
