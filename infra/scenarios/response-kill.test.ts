import { afterAll, beforeAll, expect, it } from 'vitest';

import { seededChance } from '#infra/simulator/random.ts';
import { ESCALATION_RULE_ID } from '#shared/incident/escalation-alert.ts';

import { leftovers } from './compare.ts';
import { openScenario, type Scenario } from './harness.ts';
import { CLAIMED, killAt, RECORDED } from './kill-at.ts';
import { type Json, signIn } from './person.testing.ts';
import { until } from './until.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openScenario();
});
afterAll(() => scenario.close());

const ALERTS = 24;
const LAST_WORD = { OPEN: 'trigger', ACK: 'acknowledge', RESOLVED: 'resolve' } as const;

it('whatever people do while notifiers die, every receiver ends up knowing how the alert stands', async () => {
  const { instance } = scenario;
  const chance = seededChance(12).next;
  const killing = killAt(scenario, [
    { worker: 'request', commit: RECORDED, number: 9, when: 'before' },
    { worker: 'request', commit: CLAIMED, number: 30, when: 'after' },
  ]);
  const events = Array.from({ length: ALERTS }, (_, n) => ({
    source: 'agent',
    type: `grave-${n}`,
    service: 'fleet',
    severity: 'CRITICAL',
    payload: {},
  }));
  await scenario.put([{ partition_key: 'k', bytes: Buffer.from(JSON.stringify(events)) }]);
  // The first of them makes an incident, whose escalation is an alert of its own and left alone here.
  const causes = async () =>
    (await scenario.snapshot()).alerts.filter(({ rule_id }) => rule_id !== ESCALATION_RULE_ID);
  await until(async () => (await causes()).length === ALERTS);
  const rosa = await signIn(instance, 'rosa');
  const alerts = await causes();
  const acts = alerts.flatMap((alert) =>
    ['ack', 'unack', 'ack', 'resolve']
      .slice(0, Math.floor(chance() * 5))
      .map((action, turn) => ({ ...alert, action, at: turn + chance() })),
  );
  const wanted = new Map(alerts.map(({ alert_id, state }) => [alert_id, state]));
  for (const { alert_id, action } of acts.sort((a, b) => a.at - b.at)) {
    // A person whose click gets no answer clicks again.
    let answer: { status: number; json: Json } | undefined;
    await until(async () => {
      answer = await rosa('POST', `/v1/alerts/${alert_id}/${action}`, {}).catch(() => undefined);
      return answer !== undefined && answer.status < 500;
    });
    expect(answer!.status, JSON.stringify(answer!.json)).toBe(200);
    wanted.set(alert_id, answer!.json.state);
  }
  await scenario.settle();
  expect(killing.reached()).toBe(2);
  const after = await scenario.snapshot();
  expect(leftovers(after)).toEqual([]);
  expect(new Set(after.alerts.map(({ state }) => state)).size).toBe(3);
  for (const { alert_id, state } of await causes()) {
    expect(state, alert_id).toBe(wanted.get(alert_id));
    const pages = instance.outbox.list({ channel: 'pagerduty', alert_id });
    const words = pages.map(({ body_json }) => (body_json as Json).event_action as string);
    if (words.length === 0) expect(state, 'never paged').not.toBe('OPEN');
    else
      expect(words[0], `${state}: ${words.toReversed().join(' ')}`).toBe(
        LAST_WORD[state as 'OPEN'],
      );
  }
});
