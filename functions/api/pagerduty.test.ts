import { createHmac } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { BUILT_AT, buildDelivery } from '#shared/testing/build-alert.ts';
import { putChannel } from '#shared/testing/put-channel.ts';

import { createApiRig } from './api-rig.testing.ts';

const ALERT = 'aaaaaaaaaaaaaaaaaaaaaaaaaa';
const OTHER = 'bbbbbbbbbbbbbbbbbbbbbbbbbb';
const SECRET = 'whsec-default';
const PAGE = { channel: 'pagerduty', destination: 'pagerduty-primary', tenant: 'default' } as const;
let eventCount = 0;

interface Said {
  type: string;
  key?: string;
  incident?: string;
  id?: string;
  at?: string;
  agent?: unknown;
  data?: object;
}

function bodyOf({ type, key = ALERT, incident = 'PINC1', id, at, agent, data }: Said): string {
  return JSON.stringify({
    event: {
      id: id ?? `event-${++eventCount}`,
      event_type: type,
      resource_type: 'incident',
      occurred_at: at ?? BUILT_AT,
      agent:
        agent === undefined
          ? { id: 'PUSER1', type: 'user_reference', summary: 'Ada L.', html_url: 'https://x' }
          : agent,
      client: null,
      data: { id: incident, type: 'incident', incident_key: key, resolve_reason: null, ...data },
    },
  });
}

const sign = (body: string, secret = SECRET) =>
  `v1=${createHmac('sha256', secret).update(body).digest('hex')}`;

/** A tenant `default` with one open alert that PagerDuty was told of. */
async function openRig() {
  const rig = createApiRig();
  rig.hookSecrets['default/pagerduty-primary'] = SECRET;
  await rig.putAlert();
  const told = { ...PAGE, status: 'SENT', sent: 'trigger', next_attempt_at: undefined } as const;
  const row = buildDelivery(told);
  await rig.api.work.commit({
    changes: [{ kind: 'delivery', row, expected: 0 }],
    journal: [],
    outbox: [],
  });
  const { json } = await rig.request('GET', '/v1/channels', { groups: ['viewer'] });
  const items = json.items as { channel_id: string; webhook_path?: string }[];
  const path = items.find(({ channel_id }) => channel_id === PAGE.destination)!.webhook_path!;
  const post = (body: string, signature = sign(body), to = path) =>
    rig.request('POST', to, { body, headers: { 'x-pagerduty-signature': signature } });
  return {
    ...rig,
    path,
    post,
    say: (said: Said) => post(bodyOf(said)),
    alert: async (id = ALERT) => (await rig.api.work.getAlert('default', id))!,
    page: async () => (await rig.api.work.listDeliveries('default', ALERT))[0]!,
  };
}

describe('what people do in PagerDuty', () => {
  it('is done to the alert, in their name, and not told back to PagerDuty', async () => {
    const rig = await openRig();
    const acked = await rig.say({ type: 'incident.acknowledged' });
    expect([acked.status, acked.json]).toEqual([
      202,
      { outcome: 'applied', alerts: [{ alert_id: ALERT, outcome: 'applied' }] },
    ]);
    expect(await rig.alert()).toMatchObject({ state: 'ACK', acknowledged_by: 'pagerduty:Ada L.' });
    expect(await rig.page()).toMatchObject({ status: 'SENT', sent: 'acknowledge' });
    expect((await rig.page()).next_attempt_at).toBeUndefined();

    await rig.say({ type: 'incident.unacknowledged', agent: null });
    expect((await rig.alert()).state).toBe('OPEN');
    expect(await rig.page()).toMatchObject({ status: 'SENT', sent: 'trigger' });
    expect((await rig.page()).next_attempt_at).toBeUndefined();

    await rig.say({ type: 'incident.resolved' });
    expect(await rig.alert()).toMatchObject({ state: 'RESOLVED', resolved_by: 'pagerduty:Ada L.' });
    expect((await rig.page()).next_attempt_at).toBeUndefined();
  });

  it('is told to the other channels all the same', async () => {
    const rig = await openRig();
    const row = buildDelivery({
      ...PAGE,
      channel: 'webhook',
      destination: 'webhook-audit',
      status: 'SENT',
      sent: 'trigger',
      next_attempt_at: undefined,
    });
    await rig.api.work.commit({
      changes: [{ kind: 'delivery', row, expected: 0 }],
      journal: [],
      outbox: [],
    });
    await rig.say({ type: 'incident.acknowledged' });
    const rows = await rig.api.work.listDeliveries('default', ALERT);
    const hook = rows.find(({ destination }) => destination === 'webhook-audit');
    expect(hook).toMatchObject({ status: 'QUEUED', desired: 'acknowledge' });
    expect(hook!.next_attempt_at).toBeDefined();
  });

  it('never undoes a resolve, however late it is heard', async () => {
    const rig = await openRig();
    await rig.say({ type: 'incident.resolved' });
    for (const type of ['incident.acknowledged', 'incident.unacknowledged']) {
      const { status, json } = await rig.say({ type });
      expect([status, json.outcome]).toEqual([202, 'refused']);
    }
    expect((await rig.say({ type: 'incident.reopened' })).json.outcome).toBe('noted');
    expect((await rig.alert()).state).toBe('RESOLVED');
  });

  it('of before the alert opened again changes nothing', async () => {
    const rig = createApiRig();
    rig.hookSecrets['default/pagerduty-primary'] = SECRET;
    await rig.putAlert({ reopened_at: '2026-03-01T12:00:00.000Z' });
    const { json } = await rig.request('GET', '/v1/channels', { groups: ['viewer'] });
    const path = json.items.find((item: { webhook_path?: string }) => item.webhook_path);
    const body = bodyOf({ type: 'incident.resolved', at: '2026-03-01T11:59:00Z' });
    const headers = { 'x-pagerduty-signature': sign(body) };
    const answer = await rig.request('POST', path.webhook_path, { body, headers });
    expect(answer.json.outcome).toBe('stale');
    expect((await rig.api.work.getAlert('default', ALERT))?.state).toBe('OPEN');
  });

  it('counts once for an event delivered twice, even where the repetition would matter', async () => {
    const rig = await openRig();
    const body = bodyOf({ type: 'incident.acknowledged' });
    await rig.post(body);
    await rig.say({ type: 'incident.unacknowledged' });
    expect((await rig.post(body)).json).toEqual({ outcome: 'repeated', alerts: [] });
    expect((await rig.alert()).state).toBe('OPEN');
  });

  it('is asked for again when a store failed, and then applied', async () => {
    const rig = await openRig();
    const { work } = rig.api;
    rig.api.work = { ...work, getAlerts: () => Promise.reject(new Error('away')) };
    const body = bodyOf({ type: 'incident.acknowledged' });
    expect((await rig.post(body)).status).toBe(500);
    rig.api.work = work;
    expect((await rig.post(body)).json.outcome).toBe('applied');
  });

  it('that we ourselves said is left alone', async () => {
    const rig = await openRig();
    const agent = { id: 'PINT', type: 'inbound_integration_reference' };
    expect((await rig.say({ type: 'incident.resolved', agent })).json.outcome).toBe('own');
    expect((await rig.alert()).state).toBe('OPEN');
  });

  it('about no alert of ours is taken and counted, so that PagerDuty does not switch the webhook off', async () => {
    const rig = await openRig();
    const { status, json } = await rig.say({ type: 'incident.acknowledged', key: 'somebody-else' });
    expect([status, json.outcome]).toEqual([202, 'unknown']);
    await rig.say({ type: 'pagey.ping', data: {} });
    const [hour] = await rig.api.states.hours('default', 'pagerduty-primary', 1);
    expect(hour?.counts).toEqual({ heard: 2, unknown: 1 });
  });

  it('besides is a line in the history, once', async () => {
    const rig = await openRig();
    for (const type of ['incident.reassigned', 'incident.priority_updated'])
      expect((await rig.say({ type })).json.outcome).toBe('noted');
    const actions = [...rig.tables.journal.values()].map(({ row }) => row.action);
    expect(actions.filter((action) => action === 'pagerduty.noted')).toHaveLength(2);
  });
});

describe('merged incidents', () => {
  const merge = (into: string) => ({
    resolve_reason: { type: 'merge_resolve_reason', incident: { id: into } },
  });

  it('resolve no alert, and from then on share the fate of the incident they went into', async () => {
    const rig = await openRig();
    await rig.putAlert({ alert_id: OTHER, group_key: 'other' });
    await rig.say({ type: 'incident.resolved', incident: 'PA', data: merge('PB') });
    expect((await rig.alert()).state).toBe('OPEN');
    await rig.say({ type: 'incident.acknowledged', incident: 'PB', key: OTHER });
    expect([(await rig.alert()).state, (await rig.alert(OTHER)).state]).toEqual(['ACK', 'ACK']);
    // And once more, with all it carries.
    await rig.say({ type: 'incident.resolved', incident: 'PB', key: OTHER, data: merge('PC') });
    expect((await rig.alert()).state).toBe('ACK');
    const { json } = await rig.say({ type: 'incident.resolved', incident: 'PC', key: 'not-ours' });
    expect(json.alerts).toHaveLength(2);
    const states = [(await rig.alert()).state, (await rig.alert(OTHER)).state];
    expect(states).toEqual(['RESOLVED', 'RESOLVED']);
  });
});

describe('the door', () => {
  it('opens to any one of several signatures and secrets, as in a rotation', async () => {
    const rig = await openRig();
    rig.hookSecrets['default/pagerduty-primary'] = `new-secret\n${SECRET}`;
    const body = bodyOf({ type: 'incident.acknowledged' });
    const signatures = `${sign(body, 'older')},${sign(body, 'new-secret')}`;
    expect((await rig.post(body, signatures)).status).toBe(202);
  });

  it.each([
    ['no signature', ''],
    ['another secret', sign(bodyOf({ type: 'x', id: 'same' }), 'wrong')],
    ['another version', 'v2=00'],
    ['half a signature', 'v1=abcd'],
    ['an empty secret', sign(bodyOf({ type: 'x', id: 'same' }), '')],
  ])('stays shut for %s', async (_name, signature) => {
    const rig = await openRig();
    const { status, json } = await rig.post(bodyOf({ type: 'x', id: 'same' }), signature);
    expect([status, json.code]).toEqual([401, 'unauthenticated']);
  });

  it('stays shut for a body that was changed on the way', async () => {
    const rig = await openRig();
    const body = bodyOf({ type: 'incident.acknowledged' });
    expect((await rig.post(`${body} `, sign(body))).status).toBe(401);
  });

  it('lets no tenant act for another, with its own secret or with the address of the other', async () => {
    const rig = await openRig();
    rig.hookSecrets['other/pagerduty-primary'] = 'whsec-other';
    const groups = ['viewer', 'tenant-other'];
    const { json } = await rig.request('GET', '/v1/channels', { groups });
    const theirs = json.items.find((item: { webhook_path?: string }) => item.webhook_path);
    const body = bodyOf({ type: 'incident.resolved' });
    // Their secret at the first tenant's address; the first tenant's secret at theirs.
    expect((await rig.post(body, sign(body, 'whsec-other'))).status).toBe(401);
    expect((await rig.post(body, sign(body), theirs.webhook_path)).status).toBe(401);
    // Rightly signed for themselves: it is no alert of theirs.
    const right = await rig.post(body, sign(body, 'whsec-other'), theirs.webhook_path);
    expect(right.json.outcome).toBe('unknown');
    expect((await rig.alert()).state).toBe('OPEN');
    for (const forged of [
      rig.path.replace('default', 'other'),
      rig.path.replace('primary', 'second'),
      rig.path.slice(0, -1),
    ])
      expect((await rig.post(body, sign(body), forged)).status).toBe(401);
  });

  it('stays shut where nobody set a secret, and for a channel that is switched off', async () => {
    const rig = await openRig();
    const body = bodyOf({ type: 'incident.acknowledged' });
    const off = { channel_id: PAGE.destination, channel: 'pagerduty', name: 'x', enabled: false };
    await putChannel(rig.api.channels, 'default', off);
    expect((await rig.post(body)).status).toBe(401);
    delete rig.hookSecrets['default/pagerduty-primary'];
    await putChannel(rig.api.channels, 'default', { ...off, enabled: true });
    expect((await rig.post(body, sign(body, ''))).status).toBe(401);
  });

  it('reads at most 256 KiB', async () => {
    const rig = await openRig();
    const body = bodyOf({ type: 'incident.acknowledged', data: { pad: 'x'.repeat(256 * 1024) } });
    expect((await rig.post(body)).status).toBe(413);
  });

  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['no event', '{"event":{}}'],
    ['no time', JSON.stringify({ event: { id: 'e', event_type: 'x', occurred_at: 'now' } })],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['a nest', `{"event":${'['.repeat(200)}${']'.repeat(200)}}`],
  ])('refuses %s without falling over', async (_name, body) => {
    const rig = await openRig();
    const bytes = Buffer.from(body as string);
    const signature = `v1=${createHmac('sha256', SECRET).update(bytes).digest('hex')}`;
    const headers = { 'x-pagerduty-signature': signature };
    const { status } = await rig.request('POST', rig.path, { body: bytes, headers });
    expect(status).toBe(400);
    expect(rig.warnings).toEqual([]);
  });
});
