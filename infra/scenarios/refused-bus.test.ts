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

it('F8: a bus that takes nothing, and then only a part, announces every alert in the end, each once', async () => {
  const { services, mappings } = scenario.instance;
  const publish = mappings.streams.get('journal → publish')!;
  const puts = makeWorkload({ events: 500, seed: 13, matching: 0.3, from: Date.now() - 600_000 });
  services.events.fault({ kind: 'fail_entries', ratio: 1, seed: 1 });
  await scenario.put(puts);
  await until(() => publish.stats().failures > 1);
  expect(scenario.instance.outbox.count()).toBe(0);
  services.events.fault({ kind: 'fail_entries', ratio: 0.3, seed: 1 });
  await publish.idle();
  services.events.fault(undefined);
  await scenario.settle();
  const messages = await expectCleanEnd(scenario, puts);
  expect(messages.repeated).toBe(0);
});
