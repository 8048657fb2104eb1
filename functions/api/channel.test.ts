import { describe, expect, it } from 'vitest';

import { readTestWake, runTest } from '#shared/notification/run-test.ts';
import { buildDelivery } from '#shared/testing/build-alert.ts';
import { putChannel } from '#shared/testing/put-channel.ts';

import { createApiRig } from './api-rig.testing.ts';

const groups = ['admin'];
const dead = (n: number, destination = 'slack-ops') =>
  buildDelivery({
    tenant: 'default',
    alert_id: `alert-${n}`,
    delivery_key: `alert-${n}|1|${destination}`,
    channel: 'slack',
    destination,
    status: 'DEAD',
    last_error: 'HTTP 404',
    next_attempt_at: undefined,
    updated_at: `2026-03-01T12:00:${String(n).padStart(2, '0')}.000Z`,
  });

async function openRig(rows: ReturnType<typeof dead>[]) {
  const rig = createApiRig();
  const changes = rows.map((row) => ({ kind: 'delivery', row, expected: 0 }) as const);
  if (rows.length > 0) await rig.api.work.commit({ changes, journal: [], outbox: [] });
  return rig;
}

describe('dead deliveries', () => {
  it('are listed across alerts, a page at a time, and by channel', async () => {
    const rig = await openRig([dead(1), dead(2, 'email-ops'), dead(3)]);
    const first = await rig.request('GET', '/v1/deliveries?state=DEAD&limit=2', { groups });
    expect(first.json.items.map((row: { alert_id: string }) => row.alert_id)).toEqual([
      'alert-3',
      'alert-2',
    ]);
    const cursor = encodeURIComponent(first.json.cursor as string);
    const next = await rig.request('GET', `/v1/deliveries?state=DEAD&limit=2&cursor=${cursor}`, {
      groups,
    });
    expect(next.json.items).toHaveLength(1);
    expect(next.json.cursor).toBeUndefined();
    const mail = await rig.request('GET', '/v1/deliveries?channel_id=email-ops', { groups });
    expect(mail.json.items).toHaveLength(1);
    expect((await rig.request('GET', '/v1/deliveries?state=SENT', { groups })).status).toBe(400);
  });

  it('are taken up again one by one, once, and wake their channel', async () => {
    const rig = await openRig([dead(1)]);
    const path = `/v1/deliveries/${encodeURIComponent('alert-1|1|slack-ops')}/redrive`;
    const { status, json } = await rig.request('POST', path, { groups });
    expect([status, json.status, json.revision]).toEqual([202, 'QUEUED', 2]);
    expect((await rig.request('POST', path, { groups })).json.revision).toBe(2);
    const told = [...rig.tables.outbox.values()].map(({ envelope }) => envelope);
    expect(told).toMatchObject([{ type: 'delivery.redriven', payload: { channels: ['slack'] } }]);
    const actions = [...rig.tables.journal.values()].map(({ row }) => row.action);
    expect(actions).toEqual(['notification.redriven']);
  });

  it('of a channel are taken up together, and no other channel’s', async () => {
    const rig = await openRig([dead(1), dead(2, 'email-ops'), dead(3)]);
    const { json } = await rig.request('POST', '/v1/channels/slack-ops/redrive', { groups });
    expect(json).toEqual({ redriven: 2, skipped: 0, more: false });
    const rest = await rig.request('GET', '/v1/deliveries', { groups });
    expect(rest.json.items).toMatchObject([{ destination: 'email-ops' }]);
  });

  it.each(['nothing', 'a|b|c', 'alert-9|1|slack-ops'])('%s is not found', async (key) => {
    const rig = await openRig([]);
    const path = `/v1/deliveries/${encodeURIComponent(key)}/redrive`;
    expect((await rig.request('POST', path, { groups })).status).toBe(404);
  });

  it('a delivery that is not dead is left alone', async () => {
    const rig = await openRig([{ ...dead(1), status: 'SENT' }]);
    const path = `/v1/deliveries/${encodeURIComponent('alert-1|1|slack-ops')}/redrive`;
    expect((await rig.request('POST', path, { groups })).status).toBe(409);
  });
});

describe('a test message', () => {
  it('is asked of the notifier, and its receipt is the answer', async () => {
    const rig = await openRig([]);
    const sent: string[] = [];
    // The notifier, woken while the API waits.
    rig.api.pause = async () => {
      const [row] = rig.tables.outbox.values();
      const wake = readTestWake({ detail: row!.envelope })!;
      const ctx = { ...rig.ports, tenant: wake.tenant, actor: 'system', scopes: new Set<never>() };
      const sender = {
        send: (notice: { alert: { title: string } }) => {
          sent.push(notice.alert.title);
          return Promise.resolve({ kind: 'delivered', receipt: 'HTTP 200' } as const);
        },
      };
      const ports = { ...rig.api, sender, dashboardOrigin: 'https://sentry.example' };
      await runTest({ ...ctx, correlation_id: 'c' }, ports as never, wake);
      await runTest({ ...ctx, correlation_id: 'c' }, ports as never, wake);
    };
    const { status, json } = await rig.request('POST', '/v1/channels/slack-ops/test', { groups });
    expect([status, json]).toMatchObject([200, { state: 'sent', receipt: 'HTTP 200' }]);
    expect(sent).toEqual(['TEST of the channel Operations chat: nothing is wrong']);
    const { json: listed } = await rig.request('GET', '/v1/channels', { groups });
    const slack = listed.items.find(
      (one: { channel_id: string }) => one.channel_id === 'slack-ops',
    );
    expect(slack.health).toMatchObject({ state: 'ok', sent: 1, success_rate: 1 });
  });

  it('that nobody took up in time says so', async () => {
    const rig = await openRig([]);
    const { json } = await rig.request('POST', '/v1/channels/slack-ops/test', { groups });
    expect(json.state).toBe('under_way');
  });

  it('goes to no unknown channel and none that is switched off', async () => {
    const rig = await openRig([]);
    const off = { channel_id: 'off', channel: 'slack', name: 'x', enabled: false } as const;
    await putChannel(rig.api.channels, 'default', off);
    expect((await rig.request('POST', '/v1/channels/none/test', { groups })).status).toBe(404);
    expect((await rig.request('POST', '/v1/channels/off/test', { groups })).status).toBe(409);
    expect(rig.tables.outbox.size).toBe(0);
  });
});

describe('channels of one’s own', () => {
  const OWN = { channel_id: 'slack-payments', channel: 'slack', name: 'Payments chat' };
  const post = (rig: ReturnType<typeof createApiRig>, body: object, more = ['admin']) =>
    rig.request('POST', '/v1/channels', { groups: more, body: JSON.stringify(body) });
  const put = (rig: ReturnType<typeof createApiRig>, id: string, body: object) =>
    rig.request('PUT', `/v1/channels/${id}`, { groups, body: JSON.stringify(body) });
  const listed = async (rig: ReturnType<typeof createApiRig>, id: string) => {
    const { json } = await rig.request('GET', '/v1/channels', { groups });
    return json.items.find((one: { channel_id: string }) => one.channel_id === id);
  };

  it('are made, listed with where their secret goes, changed, kept in history and removed', async () => {
    const rig = createApiRig();
    expect((await post(rig, OWN)).status).toBe(201);
    expect(await listed(rig, 'slack-payments')).toMatchObject({
      ...OWN,
      enabled: true,
      shipped: false,
      version: 1,
      secret_parameter: '/sentry/channel/default/slack-payments',
    });
    expect((await put(rig, 'slack-payments', { ...OWN, enabled: false })).json.version).toBe(2);
    const { json } = await rig.request('GET', '/v1/channels/slack-payments/versions', { groups });
    expect(json.items.map(({ enabled }: { enabled: boolean }) => enabled)).toEqual([false, true]);
    await rig.request('DELETE', '/v1/channels/slack-payments', { groups });
    expect(await listed(rig, 'slack-payments')).toBeUndefined();
  });

  it('never take a secret from elsewhere, another tenant’s least of all', async () => {
    const rig = createApiRig();
    const stolen = { ...OWN, secret: '/sentry/channel/other/slack-payments' };
    expect((await post(rig, stolen)).status).toBe(400);
    await post(rig, OWN, ['admin', 'tenant-other']);
    expect(await listed(rig, 'slack-payments')).toBeUndefined();
  });

  it('cannot send the shipped channel’s secret to an address of their own', async () => {
    const rig = createApiRig();
    const moved = {
      channel_id: 'slack-ops',
      channel: 'slack',
      name: 'x',
      url: 'https://evil.example',
    };
    expect((await post(rig, moved)).json.issues).toMatchObject([{ path: 'url' }]);
    const other = { channel_id: 'slack-ops', channel: 'webhook', name: 'x' };
    expect((await post(rig, other)).json.issues).toMatchObject([{ path: 'channel' }]);
  });

  it('stand in for a shipped one, with its secret, until they are removed', async () => {
    const rig = createApiRig();
    await post(rig, { channel_id: 'slack-ops', channel: 'slack', name: 'Ours', enabled: false });
    expect(await listed(rig, 'slack-ops')).toMatchObject({
      name: 'Ours',
      enabled: false,
      shipped: true,
      secret_parameter: '/sentry/channel/slack-ops',
    });
    await rig.request('DELETE', '/v1/channels/slack-ops', { groups });
    expect(await listed(rig, 'slack-ops')).toMatchObject({ enabled: true, version: 0 });
  });

  it('that somebody would be told by are not removed', async () => {
    const rig = createApiRig();
    await post(rig, OWN);
    await post(rig, {
      channel_id: 'mail-2',
      channel: 'email',
      name: 'm',
      secondary: 'slack-payments',
    });
    const { status, json } = await rig.request('DELETE', '/v1/channels/slack-payments', { groups });
    expect([status, json.detail]).toEqual([409, 'It is still named by the channel "mail-2".']);
  });

  it.each([
    ['secondary', { secondary: 'slack-payments' }],
    ['interactive', { channel: 'email', interactive: true }],
    ['url', { url: 'http://slack.example' }],
    ['channel_id', { channel_id: 'a b' }],
    ['name', { name: '' }],
  ])('with a wrong %s are refused with the place', async (path, wrong) => {
    const { status, json } = await post(createApiRig(), { ...OWN, ...wrong });
    expect([status, json.issues[0].path]).toEqual([400, path]);
  });
});
