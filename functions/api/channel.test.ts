import { describe, expect, it } from 'vitest';

import { readTestWake, runTest } from '#shared/notification/run-test.ts';
import { buildDelivery } from '#shared/testing/build-alert.ts';

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
    await rig.api.channels.put('default', off, 0);
    expect((await rig.request('POST', '/v1/channels/none/test', { groups })).status).toBe(404);
    expect((await rig.request('POST', '/v1/channels/off/test', { groups })).status).toBe(409);
    expect(rig.tables.outbox.size).toBe(0);
  });
});
