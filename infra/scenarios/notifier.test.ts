import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { ESCALATION_RULE_ID } from '#shared/incident/escalation-alert.ts';

import { checkMessages } from './compare.ts';
import { openScenario, type Scenario } from './harness.ts';
import { killAt, RECORDED } from './kill-at.ts';
import type { Snapshot } from './snapshot.ts';
import { until } from './until.ts';
import { wakeNotifiers } from './wake.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openScenario();
});
afterAll(() => scenario.close());

const RECEIVERS = ['pagerduty', 'webhook', 'slack'] as const;
const ALERTS = 8;
let before: Snapshot;
let turn = 0;

beforeEach(async () => {
  before = await scenario.snapshot();
  turn += 1;
});

/** Opens eight alerts that page. */
async function openAlerts(): Promise<void> {
  const events = Array.from({ length: ALERTS }, (_, n) => ({
    source: 'agent',
    type: `grave-${turn}-${n}`,
    service: 'fleet',
    severity: 'CRITICAL',
    payload: {},
  }));
  await scenario.put([{ partition_key: 'k', bytes: Buffer.from(JSON.stringify(events)) }]);
  await scenario.instance.mappings.streams.get('kinesis → detect')!.idle();
}

/** What was sent for the alerts of this test. */
async function sent() {
  const { alerts, messages } = await scenario.snapshot();
  const known = new Set(before.alerts.map(({ alert_id }) => alert_id));
  const fresh = alerts.filter(({ alert_id }) => !known.has(alert_id));
  // The first of them makes an incident, whose escalation pages too.
  const causes = fresh.filter(({ rule_id }) => rule_id !== ESCALATION_RULE_ID);
  expect(causes).toHaveLength(ALERTS);
  const ids = new Set(fresh.map(({ alert_id }) => alert_id));
  const own = messages.filter(({ alert_id }) => ids.has(alert_id!));
  return { fresh, ...checkMessages({ ...before, alerts: fresh, messages: own }) };
}

it('F13: a message taken whose answer is lost is sent once more with the same key, never not at all', async () => {
  const { outbox } = scenario.instance;
  for (const receiver of RECEIVERS)
    outbox.setFault(receiver, { remaining: 5, accept: true, reset: true });
  await openAlerts();
  await scenario.settle();
  const repeated = 5 * RECEIVERS.length;
  expect(await sent()).toMatchObject({ missing: [], unexpected: [], differing: [], repeated });
});

it('F13: a notifier killed between sending and recording repeats itself at most once, with the same key', async () => {
  const killing = killAt(scenario, [
    { worker: 'request', commit: RECORDED, number: 4, when: 'before' },
  ]);
  await openAlerts();
  await scenario.settle();
  expect(killing.reached()).toBe(1);
  const { repeated, ...rest } = await sent();
  expect(rest).toMatchObject({ missing: [], unexpected: [], differing: [] });
  // The one that was not recorded, and whatever else was under way in the worker.
  expect(repeated).toBeGreaterThanOrEqual(1);
  expect(repeated).toBeLessThanOrEqual(ALERTS * 4);
});

it('several notifiers woken for the same slow delivery send it once', async () => {
  const { outbox, services } = scenario.instance;
  for (const receiver of RECEIVERS) outbox.setFault(receiver, { accept: true, delayMs: 300 });
  await openAlerts();
  const { alerts } = await scenario.snapshot();
  const known = new Set(before.alerts.map(({ alert_id }) => alert_id));
  const fresh = alerts.filter(({ alert_id }) => !known.has(alert_id));
  await until(() => services.events.pendingDeliveries() > 0);
  for (let again = 0; again < 3; again++)
    await wakeNotifiers(scenario.instance.url, fresh, RECEIVERS);
  await services.events.idle();
  for (const receiver of RECEIVERS) outbox.setFault(receiver, undefined);
  await scenario.settle();
  expect(await sent()).toMatchObject({ missing: [], unexpected: [], differing: [], repeated: 0 });
});
