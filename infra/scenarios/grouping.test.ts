import { afterAll, beforeAll, expect, it } from 'vitest';

import { calm, fastForward } from './fast-forward.ts';
import { openScenario, type Scenario } from './harness.ts';
import { type Json, signIn } from './person.testing.ts';
import { until } from './until.ts';

/** Everything of this file happens on one instance; each case has a service of its own. */
let scenario: Scenario;
beforeAll(async () => {
  scenario = await openScenario({
    rules: [
      {
        rule_id: 'grave-host',
        name: 'Grave trouble of a host',
        severity: 'CRITICAL',
        pattern: { type: ['scenario.grave'] },
        detector: { kind: 'match' },
        group_by: ['payload.host'],
        title: 'Grave trouble on {payload.host}',
      },
    ],
  });
  await ask('POST', '/v1/escalations', {
    policy_id: 'grouped',
    name: 'Grouped',
    match: { service: [{ prefix: 'grouped-' }] },
    order: 1,
    steps: [
      { delay_minutes: 0, targets: [{ channel: 'webhook', destination: 'webhook-audit' }] },
      { delay_minutes: 10, targets: [{ channel: 'pagerduty', destination: 'pagerduty-primary' }] },
    ],
    grouping: { by: ['service'] },
  });
});
afterAll(() => scenario.close());

/** REST as somebody who may do all; tokens end within the hours that pass here. */
async function ask(method: string, path: string, body?: object): Promise<Json> {
  const { status, json } = await (await signIn(scenario.instance, 'ada'))(method, path, body);
  expect([method, path, status < 300, json]).toEqual([method, path, true, json]);
  return json;
}

async function fire(service: string, hosts: readonly string[], type = 'scenario.host') {
  const payloadOf = (host: string) => ({ host: `${service} ${host}` });
  const events = hosts.map((host) => ({
    source: 'agent',
    type,
    service,
    payload: payloadOf(host),
  }));
  const known = await alertsOf(service);
  await scenario.put([{ partition_key: 'k', bytes: Buffer.from(JSON.stringify(events)) }]);
  const wanted = new Set([...known.map(hostOf), ...hosts]).size;
  await calm(scenario.instance);
  expect(await alertsOf(service)).toHaveLength(wanted);
}

/** The alerts of a service, those of Sentry's own rules apart. */
async function alertsOf(service: string): Promise<Json[]> {
  const { items } = await ask('GET', `/v1/alerts?service=${service}&limit=100`);
  return items.filter(({ rule_id }: Json) => !rule_id.startsWith('sentry-'));
}

async function groupOf(service: string): Promise<Json> {
  const { items } = await ask('GET', `/v1/alerts?service=${service}&limit=100`);
  return items.find(({ rule_id }: Json) => rule_id === 'sentry-alert-group');
}

const hostOf = ({ title }: { title: string }) => title.replace(/.* /u, '');

/** What the webhook was told of a service's groups, in order; `minute` since `from`. */
function heard(service: string, from: number) {
  return scenario.instance.outbox
    .list({ channel: 'webhook', limit: 20_000 })
    .map(({ body_json, at }) => ({ body: body_json as Json, at: Date.parse(at) }))
    .filter(({ body }) => body?.data?.alert?.service === service)
    .toSorted((a, b) => a.at - b.at)
    .map(({ body, at }) => ({
      minute: (at - from) / 60_000,
      type: body.type as string,
      firing: (body.data.members?.firing ?? []).map(hostOf).toSorted() as string[],
      resolved: (body.data.members?.resolved ?? []).map(hostOf).toSorted() as string[],
    }));
}

const act = async (service: string, host: string, action: string) => {
  const found = (await alertsOf(service)).find((alert) => hostOf(alert) === host);
  await ask('POST', `/v1/alerts/${found.alert_id}/${action}`, {});
};
const forward = (minutes: number) => fastForward(scenario.instance, minutes);
/** Nobody looks for so long, and then everything that was due is. */
const sleepFor = async (minutes: number) => {
  scenario.instance.advance(minutes * 60_000);
  await calm(scenario.instance);
};
const now = () => scenario.instance.clock.now();
const hosts = (count: number) => Array.from({ length: count }, (_, n) => `host-${n}`);

it('thirty alerts of a service are one page after 30 s that names all; later ones come after 5 min', async () => {
  const service = 'grouped-burst';
  const from = now();
  await fire(service, hosts(30));
  await calm(scenario.instance);
  expect(heard(service, from)).toEqual([]);
  await forward(3);
  const [first, ...more] = heard(service, from);
  expect(more).toEqual([]);
  expect(first).toMatchObject({ type: 'sentry.alert.opened', firing: hosts(30).toSorted() });
  expect(first!.minute).toBeGreaterThanOrEqual(0.5);
  expect(first!.minute).toBeLessThan(2.6);
  await fire(service, ['late']);
  await act(service, 'host-0', 'resolve');
  await calm(scenario.instance);
  expect(heard(service, from)).toHaveLength(1);
  await forward(6);
  const second = heard(service, from)[1]!;
  expect(second).toMatchObject({ type: 'sentry.alert.updated', resolved: ['host-0'] });
  expect(second.firing).toHaveLength(30);
  expect(second.firing).toContain('late');
  expect(second.minute - first!.minute).toBeGreaterThanOrEqual(4.9);
  // Nobody answers: the group escalates, once and as a whole.
  await forward(10);
  const group = await groupOf(service);
  const { items } = await ask('GET', `/v1/alerts/${group.alert_id}/deliveries`);
  expect(items.map(({ destination }: Json) => destination)).toEqual([
    'webhook-audit',
    'pagerduty-primary',
  ]);
  for (const alert of await alertsOf(service)) {
    const own = await ask('GET', `/v1/alerts/${alert.alert_id}/deliveries`);
    expect(own.items).toEqual([]);
  }
}, 240_000);

it('a group that fires on is told again after 4 h; acknowledged, it is not', async () => {
  const service = 'grouped-repeat';
  const from = now();
  await fire(service, ['a', 'b']);
  await forward(3);
  expect(heard(service, from)).toHaveLength(1);
  await sleepFor(235);
  expect(heard(service, from)).toHaveLength(1);
  await sleepFor(6);
  await forward(1);
  expect(heard(service, from).map(({ type }) => type)).toEqual([
    'sentry.alert.opened',
    'sentry.alert.updated',
  ]);
  await act(service, 'a', 'ack');
  await act(service, 'b', 'ack');
  expect((await groupOf(service)).state).toBe('ACK');
  await forward(20);
  expect(
    heard(service, from)
      .slice(2)
      .map(({ type }) => type),
  ).toEqual(['sentry.alert.acknowledged']);
}, 240_000);

it('alerts that are over before the wait ends tell nobody', async () => {
  const service = 'grouped-brief';
  const from = now();
  await fire(service, ['a', 'b']);
  for (const host of ['a', 'b']) await act(service, host, 'resolve');
  await forward(10);
  expect(heard(service, from)).toEqual([]);
  expect(await groupOf(service)).toBeUndefined();
}, 120_000);

it('a CRITICAL alert waits for nobody, and takes along what waits', async () => {
  const service = 'grouped-grave';
  const from = now();
  await fire(service, ['mild']);
  await fire(service, ['worse'], 'scenario.grave');
  // No clock is moved: the hint is what tells. The incident's escalation goes along.
  await until(() => heard(service, from).length === 1, 60_000);
  expect(heard(service, from)).toMatchObject([{ firing: ['mild', 'worse', 'worse'] }]);
}, 120_000);

it('a silenced alert is not named until its silence is over; its explanation says which message told of it', async () => {
  const service = 'grouped-quiet';
  const from = now();
  await fire(service, ['loud', 'quiet']);
  const silence = {
    silence_id: 'grouped-quiet',
    matchers: [
      { field: 'service', op: '=', value: service },
      { field: 'group.payload.host', op: '=', value: `${service} quiet` },
    ],
    comment: 'a test',
    starts_at: new Date(now() - 60_000).toISOString(),
    ends_at: new Date(now() + 20 * 60_000).toISOString(),
  };
  await ask('POST', '/v1/silences', silence);
  await sleepFor(2);
  await forward(1);
  expect(heard(service, from)).toMatchObject([{ firing: ['loud'] }]);
  await sleepFor(21);
  await sleepFor(6);
  await forward(1);
  expect(heard(service, from).map(({ firing }) => firing)).toEqual([['loud'], ['loud', 'quiet']]);
  const quiet = (await alertsOf(service)).find((alert) => hostOf(alert) === 'quiet');
  const told = await ask('GET', `/v1/explain?alert=${quiet.alert_id}`);
  const lines = told.lines.filter(({ kind }: Json) => kind === 'grouping');
  expect(lines.map(({ outcome }: Json) => outcome)).toEqual(['joined_group', 'told_in_group']);
}, 120_000);

/** Minute after minute until it holds, whatever dead workers still hold in their hands. */
async function passUntil(holds: () => boolean): Promise<void> {
  await until(async () => {
    if (holds()) return true;
    scenario.instance.advance(61_000);
    await scenario.settle();
    return holds();
  }, 150_000);
}

it('a restart in the middle of the wait loses nothing and tells nobody twice', async () => {
  const service = 'grouped-restart';
  const from = now();
  await fire(service, ['a', 'b']);
  for (const worker of ['stream', 'request'] as const)
    await until(() => scenario.kill(worker), 30_000);
  await passUntil(() => heard(service, from).length === 1);
  expect(heard(service, from)).toMatchObject([{ firing: ['a', 'b'] }]);
  await act(service, 'a', 'resolve');
  await act(service, 'b', 'resolve');
  for (const worker of ['stream', 'request'] as const)
    await until(() => scenario.kill(worker), 30_000);
  await passUntil(() => heard(service, from).length === 2);
  expect(heard(service, from).map(({ type }) => type)).toEqual([
    'sentry.alert.opened',
    'sentry.alert.resolved',
  ]);
}, 240_000);
