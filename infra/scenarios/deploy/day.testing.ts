import { createHmac } from 'node:crypto';

import { expect } from 'vitest';
import WebSocket from 'ws';

import { PARAMETERS } from '#infra/environment.ts';
import type { Instance } from '#infra/local/instance.ts';
import { InvocationError } from '#infra/local/service.ts';
import type { Scenario } from '#infra/scenarios/harness.ts';
import { type Json, signIn } from '#infra/scenarios/person.testing.ts';
import { ESCALATION_RULE_ID } from '#shared/incident/escalation-alert.ts';
import { until } from '#infra/scenarios/until.ts';

const BOOM = {
  rule_id: 'boom',
  name: 'Boom',
  severity: 'CRITICAL',
  pattern: { type: ['test.boom'] },
  detector: { kind: 'match' },
  group_by: ['service'],
  title: '{service} went boom',
  tests: [
    { name: 'a boom', expect: 'fires', events: [{ source: 'a', type: 'test.boom' }] },
    { name: 'a quiet day', expect: 'quiet', events: [{ source: 'a', type: 'test.calm' }] },
  ],
};

/** All that people, producers, time and bad input make the functions do. */
export async function liveThroughADay(scenario: Scenario): Promise<void> {
  const ada = await signIn(scenario.instance, 'ada');
  await ada('POST', '/v1/alerts/policies', BOOM);
  scenario.instance.advance(6_000);
  for (const _ of ['first', 'repeated']) await ingest(scenario.instance, [boomOf('checkout')]);
  await ingest(scenario.instance, [{ type: 1, filler: 'x'.repeat(200_000) }]);
  await scenario.put([
    { bytes: Buffer.from('{"torn'), partition_key: 'bad' },
    { bytes: Buffer.alloc(700_000, '{"long'), partition_key: 'bad' },
    putOf('checkout'),
    putOf('checkout', 'scenario.burst'),
  ]);
  await scenario.settle();
  const { alert_id } = (await ada('GET', '/v1/alerts?state=OPEN&service=checkout')).json.items[0];
  await watchLive(scenario, ada, alert_id as string);
  await hearPagerDuty(scenario, ada, alert_id as string);
  await testChannels(ada);
  await workThrough(ada, alert_id as string);
  await backtest(ada);
  await askWhy(ada, alert_id as string);
  await failAndReturn(scenario);
  await fallSilent(scenario, ada);
}

/** Everything the live protocol's operations touch, while something happens. */
async function watchLive(scenario: Scenario, ada: Person, alertId: string) {
  const viewer = await openViewer(
    scenario.instance.url,
    (await ada('POST', '/v1/live/ticket')).json.ticket,
  );
  for (const [method, params] of [
    ['hello', {}],
    ['subscribe', { topic: 'alerts' }],
    ['subscribe', { topic: 'feed' }],
    ['alerts.list', {}],
    ['alerts.ack', { alert_id: alertId }],
    ['alerts.summary', {}],
    ['incidents.timeline', { alert: alertId }],
    ['rules.list', {}],
    ['rules.replace', { ...BOOM, name: 'Boom again', if_version: 1 }],
    ['escalations.list', {}],
    ['ping', {}],
  ] as const)
    expect(await viewer.call(method, params), method).not.toHaveProperty('error');
  await scenario.put([putOf('cellar')]);
  await scenario.settle();
  const quarantine = (await ada('GET', '/v1/quarantine')).json.items as Json[];
  for (const { quarantine_id } of quarantine)
    await viewer.call('quarantine.replay', { quarantine_id });
  viewer.close();
}

/** What somebody did in PagerDuty comes in by its webhook. */
async function hearPagerDuty({ instance }: Scenario, ada: Person, alertId: string): Promise<void> {
  instance.services.ssm.putParameter(`${PARAMETERS.hookPrefix}default/pagerduty-primary`, 'whsec');
  const items = (await ada('GET', '/v1/channels')).json.items as Json[];
  const path = items.find((channel) => channel.webhook_path).webhook_path as string;
  const data = { id: 'P1', incident_key: alertId };
  const type = 'incident.priority_updated';
  const event = { id: 'E1', event_type: type, occurred_at: new Date().toISOString(), data };
  const body = JSON.stringify({ event });
  const signature = `v1=${createHmac('sha256', 'whsec').update(body).digest('hex')}`;
  const headers = { 'content-type': 'application/json', 'x-pagerduty-signature': signature };
  const answer = await fetch(`${instance.url}${path}`, { method: 'POST', headers, body });
  expect([answer.status, await answer.json()]).toMatchObject([202, { outcome: 'noted' }]);
}

/** Every channel sends its test message and says what its receiver answered. */
async function testChannels(ada: Person): Promise<void> {
  for (const { channel_id } of (await ada('GET', '/v1/channels')).json.items as Json[]) {
    const { json } = await ada('POST', `/v1/channels/${channel_id as string}/test`);
    expect(json, channel_id).toMatchObject({ state: 'sent' });
  }
  expect((await ada('GET', '/v1/deliveries')).json).toEqual({ items: [] });
}

async function workThrough(ada: Person, alertId: string): Promise<void> {
  const act = async (verb: string, body?: object) => {
    const { status } = await ada('POST', `/v1/alerts/${alertId}/${verb}`, body);
    expect(status, verb).toBe(200);
  };
  await act('unack');
  await act('assign', { assigned_to: 'user:rosa' });
  await act('ack');
  await act('resolve');
  const quarantine = (await ada('GET', '/v1/quarantine')).json.items as Json[];
  for (const path of [
    '/v1/alerts/summary',
    `/v1/alerts/${alertId}`,
    `/v1/alerts/${alertId}/deliveries`,
    `/v1/incidents/timeline?alert=${alertId}`,
    '/v1/alerts/policies',
    '/v1/alerts/policies/boom/versions',
    '/v1/escalations',
    '/v1/channels',
    '/v1/me',
    ...quarantine.map(({ quarantine_id }: Json) => `/v1/quarantine/${quarantine_id}`),
  ])
    expect((await ada('GET', path)).status, path).toBe(200);
  for (const { quarantine_id } of quarantine)
    await ada('POST', `/v1/quarantine/${quarantine_id}/replay`);
  await ada('POST', '/v1/alerts/ackAll', {});
}

/** A rule over what has been archived by now. */
async function backtest(ada: Person): Promise<void> {
  const path = '/v1/alerts/policies/backtest';
  const { location } = (await ada('POST', path, { rule_id: 'boom' })).json;
  await until(async () => (await ada('GET', location)).json.state === 'DONE', 60_000);
}

/** Why an alert told people, what became of an event that never came, and what another would do. */
async function askWhy(ada: Person, alertId: string): Promise<void> {
  const outcomes = await Promise.all([
    ada('GET', `/v1/explain?alert=${alertId}`),
    ada('GET', '/v1/explain?event=never-sent'),
    ada('POST', '/v1/explain', { event: boomOf('cellar') }),
  ]);
  expect(outcomes.map(({ json }) => json['outcome'])).toEqual([
    'delivered',
    'not_in_archive',
    'told',
  ]);
}

/** Receivers that fail once, and a publisher that is down until the sweep comes round. */
async function failAndReturn(scenario: Scenario): Promise<void> {
  const { instance } = scenario;
  for (const receiver of ['slack', 'pagerduty', 'webhook'] as const)
    instance.outbox.setFault(receiver, { status: 500, remaining: 1 });
  await scenario.put([putOf('garage')]);
  await scenario.settle();
  const { invoker, mappings } = instance;
  const invoke = invoker.invoke.bind(invoker);
  const publishing = mappings.streams.get('journal → publish')!;
  const { failures } = publishing.stats();
  invoker.invoke = (name, event, limits) =>
    name === 'publish'
      ? Promise.reject(new InvocationError('crash', 'down'))
      : invoke(name, event, limits);
  await scenario.put([putOf('roof')]);
  await until(() => publishing.stats().failures > failures);
  instance.advance(61_000);
  await invoker.invoke('escalate', {});
  invoker.invoke = invoke;
  await scenario.settle();
}

/** A heartbeat that stops, until the sweep misses it, and comes again. */
async function fallSilent(scenario: Scenario, ada: Person): Promise<void> {
  const { instance } = scenario;
  const states = async () => {
    const { json } = await ada('GET', '/v1/alerts?service=lighthouse');
    // The incident that the silence causes has an alert of its own.
    const own = (json.items as Json[]).filter(({ rule_id }) => rule_id !== ESCALATION_RULE_ID);
    return own.map(({ state, resolved_by }) => ({ state, resolved_by }));
  };
  await scenario.put([putOf('lighthouse', 'service.heartbeat')]);
  await scenario.settle();
  instance.advance(301_000);
  await instance.invoker.invoke('escalate', {});
  await scenario.settle();
  expect(await states()).toEqual([{ state: 'OPEN' }]);
  await scenario.put([putOf('lighthouse', 'service.heartbeat')]);
  await scenario.settle();
  expect(await states()).toEqual([{ state: 'RESOLVED', resolved_by: 'system:detector' }]);
}

/** As a producer that may repeat itself. */
async function ingest(instance: Instance, events: object[]): Promise<void> {
  const token = (await instance.oidc.issueToken('ada'))!.access_token;
  const response = await fetch(`${instance.url}/v1/events`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': `day-${Buffer.byteLength(JSON.stringify(events))}`,
    },
    body: JSON.stringify(events),
  });
  expect(response.status, await response.text()).toBeLessThan(500);
}

type Person = Awaited<ReturnType<typeof signIn>>;

function boomOf(service: string, type = 'test.boom') {
  const severity = type === 'service.heartbeat' ? 'info' : 'critical';
  return { source: 'test', type, service, severity, payload: { host: service } };
}

function putOf(service: string, type?: string) {
  const bytes = Buffer.from(JSON.stringify(boomOf(service, type)));
  return { bytes, partition_key: service };
}

async function openViewer(url: string, ticket: string) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live?ticket=${ticket}`);
  await new Promise((resolve) => socket.once('open', resolve));
  let calls = 0;
  const waiting = new Map<unknown, (answer: unknown) => void>();
  socket.on('message', (data: Buffer) => {
    const message: Json = JSON.parse(data.toString());
    waiting.get(message.id)?.(message);
  });
  return {
    close: () => socket.close(),
    call(method: string, params: object): Promise<unknown> {
      const id = ++calls;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
      });
    },
  };
}
