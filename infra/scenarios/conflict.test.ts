import { afterAll, beforeAll, expect, it } from 'vitest';

import { expectCleanEnd } from './clean-end.testing.ts';
import { openScenario, type Scenario } from './harness.ts';
import { until } from './until.ts';
import { makeWorkload } from './workload.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openScenario();
});
afterAll(() => scenario.close());

it('F7: three of ten writes in conflict or throttled, and for a while all, double and lose nothing', async () => {
  const { services, mappings } = scenario.instance;
  const { dynamodb } = services;
  const detect = mappings.streams.get('kinesis → detect')!;
  const from = Date.now() - 600_000;
  const puts = makeWorkload({ events: 2_000, seed: 5, matching: 0.1, from });
  let refused = 0;
  let turn = 0;
  const next = (ratio: number) => {
    refused += dynamodb.refusedCalls();
    const kind = turn++ % 2 === 0 ? 'transaction_conflict' : 'throttle';
    dynamodb.fault({ kind, ratio, seed: turn });
  };
  next(0.3);
  await scenario.put(puts.slice(0, 1_000), { onProgress: () => next(0.3) });
  await detect.idle();
  // Until the function itself has to give up and ask for its records again.
  dynamodb.fault({ kind: 'transaction_conflict', ratio: 0.9, seed: 1 });
  const failuresBefore = detect.stats().failures;
  await scenario.put(puts.slice(1_000));
  await until(() => detect.stats().failures > failuresBefore);
  next(0.3);
  await detect.idle();
  refused += dynamodb.refusedCalls();
  dynamodb.fault(undefined);
  expect(refused).toBeGreaterThan(10);
  await scenario.settle();
  await expectCleanEnd(scenario, puts);
});
