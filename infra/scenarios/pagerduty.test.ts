import { createHmac } from 'node:crypto';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { PARAMETERS } from '#infra/environment.ts';

import { openScenario, type Scenario } from './harness.ts';
import { type Json, signIn } from './person.testing.ts';
import { until } from './until.ts';

/** PagerDuty and its people expect each other's news within so long. */
const NEWS_MS = 5_000;
const SECRET = 'whsec-scenario';

let scenario: Scenario;
let ada: Awaited<ReturnType<typeof signIn>>;
beforeAll(async () => {
  scenario = await openScenario();
  const { ssm } = scenario.instance.services;
  ssm.putParameter(`${PARAMETERS.hookPrefix}default/pagerduty-primary`, SECRET);
  ada = await signIn(scenario.instance, 'ada');
});
afterAll(() => scenario.close());

/** An alert that pages, told to everybody. */
async function openAlert(service: string): Promise<string> {
  const event = { source: 'agent', type: 'grave', service, severity: 'CRITICAL', payload: {} };
  await scenario.put([{ partition_key: 'k', bytes: Buffer.from(JSON.stringify(event)) }]);
  await scenario.settle();
  const { json } = await ada('GET', `/v1/alerts?service=${service}`);
  const items = json.items as Json[];
  return items.find(({ rule_id }) => !String(rule_id).startsWith('sentry-')).alert_id as string;
}

/** What PagerDuty was told of an alert, oldest first. */
function paged(alertId: string): string[] {
  const messages = scenario.instance.outbox.list({ channel: 'pagerduty', alert_id: alertId });
  return messages.map(({ body_json }) => (body_json as Json).event_action as string).toReversed();
}

/** Somebody does something in PagerDuty; answers status and body. */
async function inPagerDuty(type: string, key: string, id: string) {
  const items = (await ada('GET', '/v1/channels')).json.items as Json[];
  const path = items.find((channel) => channel.webhook_path).webhook_path as string;
  const agent = { id: 'P1', type: 'user_reference', summary: 'Grace' };
  const data = { id: 'PINC', type: 'incident', incident_key: key };
  const occurred_at = new Date(scenario.instance.clock.now()).toISOString();
  const body = JSON.stringify({ event: { id, event_type: type, occurred_at, agent, data } });
  const signature = `v1=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
  const headers = { 'content-type': 'application/json', 'x-pagerduty-signature': signature };
  const from = performance.now();
  const response = await fetch(`${scenario.instance.url}${path}`, {
    method: 'POST',
    headers,
    body,
  });
  const json = await response.json();
  return { status: response.status, json, tookMs: performance.now() - from };
}

it('what is acknowledged and resolved here is so in PagerDuty within seconds', async () => {
  const alertId = await openAlert('harbour');
  expect(paged(alertId)).toEqual(['trigger']);
  await ada('POST', `/v1/alerts/${alertId}/ack`);
  await until(() => paged(alertId).includes('acknowledge'), NEWS_MS);
  await ada('POST', `/v1/alerts/${alertId}/resolve`);
  await until(() => paged(alertId).includes('resolve'), NEWS_MS);
});

it('what is acknowledged and resolved in PagerDuty is so here at once, told to others, not back', async () => {
  const alertId = await openAlert('quay');
  const ack = await inPagerDuty('incident.acknowledged', alertId, 'E1');
  expect(ack).toMatchObject({ status: 202, json: { outcome: 'applied' } });
  expect(ack.tookMs).toBeLessThan(NEWS_MS);
  const alert = async () => (await ada('GET', `/v1/alerts/${alertId}`)).json;
  expect(await alert()).toMatchObject({ state: 'ACK', acknowledged_by: 'pagerduty:Grace' });
  expect((await inPagerDuty('incident.acknowledged', alertId, 'E1')).json.outcome).toBe('repeated');
  await inPagerDuty('incident.resolved', alertId, 'E2');
  expect(await alert()).toMatchObject({ state: 'RESOLVED', resolved_by: 'pagerduty:Grace' });
  expect((await inPagerDuty('incident.acknowledged', alertId, 'E3')).json.outcome).toBe('refused');
  await scenario.settle();
  expect(paged(alertId)).toEqual(['trigger']);
  const hooks = scenario.instance.outbox.list({ channel: 'webhook', alert_id: alertId });
  const types = hooks.map(({ body_json }) => (body_json as Json).type as string);
  expect(types).toContain('sentry.alert.resolved');
});
