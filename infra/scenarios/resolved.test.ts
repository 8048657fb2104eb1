import { afterAll, beforeAll, expect, it } from 'vitest';

import { openScenario, type Scenario } from './harness.ts';
import { signIn } from './person.testing.ts';
import { makeWorkload } from './workload.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openScenario();
});
afterAll(() => scenario.close());

it('F16: events that come again after the resolve page nobody and reopen nothing', async () => {
  const puts = makeWorkload({ events: 600, seed: 10, matching: 0.3, from: Date.now() - 600_000 });
  await scenario.put(puts);
  await scenario.settle();
  const ada = await signIn(scenario.instance, 'ada');
  const before = await scenario.snapshot();
  expect(before.alerts.length).toBeGreaterThan(10);
  for (const { alert_id } of before.alerts)
    expect((await ada('POST', `/v1/alerts/${alert_id}/resolve`, {})).status).toBe(200);
  await scenario.settle();
  const resolved = await scenario.snapshot();
  expect(resolved.alerts).toEqual(before.alerts.map((alert) => ({ ...alert, state: 'RESOLVED' })));
  expect(resolved.messages.length).toBeGreaterThan(before.messages.length);

  await scenario.put(puts);
  await scenario.put(puts.toReversed());
  await scenario.settle();
  const after = await scenario.snapshot();
  expect(after.alerts).toEqual(resolved.alerts);
  expect(after.deliveries).toEqual(resolved.deliveries);
  expect(after.messages).toEqual(resolved.messages);
  // A hundred resolves at the pace of chat take many a minute of the moved clock.
}, 90_000);
