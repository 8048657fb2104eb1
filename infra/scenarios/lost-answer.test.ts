import { afterAll, beforeAll, expect, it } from 'vitest';

import { expectCleanEnd } from './clean-end.testing.ts';
import { openScenario, type Scenario } from './harness.ts';
import { makeWorkload } from './workload.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openScenario();
});
afterAll(() => scenario.close());

const RECEIVERS = ['pagerduty', 'webhook', 'slack'] as const;

it('F13: a message taken whose answer is lost is sent once more with the same key, never not at all', async () => {
  const { outbox } = scenario.instance;
  for (const receiver of RECEIVERS)
    outbox.setFault(receiver, { remaining: 6, accept: true, reset: true });
  const first = makeWorkload({ events: 400, seed: 6, matching: 0.5, from: Date.now() - 600_000 });
  await scenario.put(first);
  await scenario.settle();
  const messages = await expectCleanEnd(scenario, first);
  expect(messages.repeated).toBe(6 * RECEIVERS.length);
});

it('F13: a notifier killed between sending and recording repeats itself at most once, with the same key', async () => {
  const { outbox } = scenario.instance;
  outbox.clear();
  for (const receiver of RECEIVERS) outbox.setFault(receiver, { accept: true, delayMs: 400 });
  const before = await scenario.snapshot();
  await scenario.put([{ partition_key: 'k', bytes: Buffer.from(JSON.stringify(lateEvents())) }]);
  await scenario.instance.mappings.streams.get('kinesis → detect')!.idle();
  await scenario.instance.mappings.streams.get('journal → publish')!.idle();
  await until(async () => (await claimed()) > 0);
  expect(scenario.kill('request')).toBe(true);
  for (const receiver of RECEIVERS) outbox.setFault(receiver, undefined);
  await scenario.settle();
  const snapshot = await scenario.snapshot();
  expect(snapshot.alerts.length).toBe(before.alerts.length + 8);
  const fresh = snapshot.messages;
  const groups = Map.groupBy(fresh, ({ alert_id, channel }) => `${alert_id} ${channel}`);
  expect(groups.size).toBe(8 * 2);
  for (const group of groups.values()) {
    expect(group.length).toBeLessThanOrEqual(2);
    expect(new Set(group.map(({ key }) => key)).size).toBe(1);
  }
  expect(fresh.length).toBeGreaterThan(groups.size);
});

/** One event for each of eight new alerts. */
function lateEvents() {
  return Array.from({ length: 8 }, (_, n) => ({
    source: 'agent',
    type: 'scenario.host',
    service: 'fleet',
    payload: { host: `late-${n}` },
  }));
}

/** Deliveries with a notifier at this moment. */
async function claimed(): Promise<number> {
  const { scanTable } = await import('./snapshot.ts');
  const rows = await scanTable(scenario.instance.url, 'sentry-work', 'sk, lease_owner');
  return rows.filter(({ lease_owner }) => lease_owner !== undefined).length;
}

async function until(holds: () => Promise<boolean>, deadlineMs = 10_000): Promise<void> {
  const givenUpAt = performance.now() + deadlineMs;
  while (!(await holds()))
    if (performance.now() > givenUpAt) throw new Error('it never came to hold');
}
