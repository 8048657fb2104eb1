import { createHmac } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { SLACK_BUTTONS } from '#shared/notification/message/slack.ts';
import { buildDelivery } from '#shared/testing/build-alert.ts';
import { putChannel } from '#shared/testing/put-channel.ts';

import { createApiRig } from './api-rig.testing.ts';

const ALERT = 'aaaaaaaaaaaaaaaaaaaaaaaaaa';
const SECRET = 'slack-signing-secret';
const CHANNEL = { channel_id: 'slack-ops', channel: 'slack', name: 'Chat', interactive: true };
let presses = 0;

interface Press {
  action?: string;
  value?: string;
  user?: object;
  ts?: string;
}

function bodyOf({ action = SLACK_BUTTONS.acknowledge, value = ALERT, user, ts }: Press): string {
  const payload = JSON.stringify({
    type: 'block_actions',
    user: user ?? { id: 'U1', username: 'ada', team_id: 'T1' },
    container: { type: 'message', message_ts: '1.2', channel_id: 'C1' },
    actions: [{ type: 'button', action_id: action, value, action_ts: ts ?? `${++presses}.1` }],
  });
  return new URLSearchParams({ payload }).toString();
}

/** A tenant `default` with one open alert that Slack was told of, and its channel with buttons. */
async function openRig(channel: Parameters<typeof putChannel>[2] = CHANNEL) {
  const rig = createApiRig();
  rig.hookSecrets['default/slack-ops'] = SECRET;
  await rig.putAlert();
  await putChannel(rig.api.channels, 'default', CHANNEL);
  const row = buildDelivery({
    tenant: 'default',
    channel: 'slack',
    destination: 'slack-ops',
    status: 'SENT',
    sent: 'trigger',
    // A bot's message, which is changed in place.
    destination_ref: 'C1:1.2',
    next_attempt_at: undefined,
  });
  const changes = [{ kind: 'delivery', row, expected: 0 }] as const;
  await rig.api.work.commit({ changes: [...changes], journal: [], outbox: [] });
  const { json } = await rig.request('GET', '/v1/channels', { groups: ['viewer'] });
  const items = json.items as { channel_id: string; webhook_path?: string }[];
  const path = items.find(({ channel_id }) => channel_id === 'slack-ops')!.webhook_path!;
  await putChannel(rig.api.channels, 'default', channel);
  const seconds = Math.floor(rig.clock.now / 1000);
  const post = (body: string, { at = seconds, secret = SECRET, signed = body } = {}) =>
    rig.request('POST', path, {
      body,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': String(at),
        'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${at}:${signed}`).digest('hex')}`,
      },
    });
  return {
    ...rig,
    seconds,
    post,
    press: (press: Press = {}) => post(bodyOf(press)),
    alert: async () => (await rig.api.work.getAlert('default', ALERT))!,
    told: async () => (await rig.api.work.listDeliveries('default', ALERT))[0]!,
  };
}

describe('a button pressed in Slack', () => {
  it('acknowledges and resolves in the name of who pressed it, and Slack is told so', async () => {
    const rig = await openRig();
    const { status, json } = await rig.press();
    expect([status, json]).toEqual([
      200,
      { outcome: 'applied', alerts: [{ alert_id: ALERT, outcome: 'applied' }] },
    ]);
    expect(await rig.alert()).toMatchObject({ state: 'ACK', acknowledged_by: 'slack:ada' });
    expect(await rig.told()).toMatchObject({ desired: 'acknowledge', sent: 'trigger' });
    await rig.press({ action: SLACK_BUTTONS.resolve });
    expect(await rig.alert()).toMatchObject({ state: 'RESOLVED', resolved_by: 'slack:ada' });
  });

  it('counts once, however often it is delivered, and twice pressed changes nothing', async () => {
    const rig = await openRig();
    await rig.press({ ts: '7.7' });
    expect((await rig.press({ ts: '7.7' })).json.outcome).toBe('repeated');
    expect((await rig.press()).json.outcome).toBe('unchanged');
    await rig.press({ action: SLACK_BUTTONS.resolve });
    expect((await rig.press()).json.outcome).toBe('refused');
    expect((await rig.alert()).state).toBe('RESOLVED');
  });

  it('that opens a page, or is about no alert of the tenant, does nothing', async () => {
    const rig = await openRig();
    expect((await rig.press({ action: 'open' })).json.outcome).toBe('ignored');
    expect((await rig.press({ value: 'z'.repeat(26) })).json.outcome).toBe('unknown');
    expect((await rig.alert()).state).toBe('OPEN');
  });

  it('is heard only signed by the channel’s secret, within five minutes, over the very bytes', async () => {
    const rig = await openRig();
    const body = bodyOf({});
    for (const forged of [
      { secret: 'other' },
      { signed: `${body} ` },
      { at: rig.seconds - 301 },
      { at: rig.seconds + 301 },
    ])
      expect((await rig.post(body, forged)).status, JSON.stringify(forged)).toBe(401);
    expect((await rig.alert()).state).toBe('OPEN');
    expect((await rig.post(body, { at: rig.seconds - 299 })).status).toBe(200);
  });

  it('is not heard by a channel that takes no buttons, which is every channel unless told', async () => {
    const rig = await openRig({ ...CHANNEL, interactive: false });
    expect((await rig.press()).status).toBe(401);
    const off = await openRig({ ...CHANNEL, enabled: false });
    expect((await off.press()).status).toBe(401);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'payload=x'],
    ['no payload of Slack', 'payload={}'],
    ['deep JSON', `payload=${'['.repeat(5_000)}`],
    ['bytes that are no text', 'payload=%ff\uD800'],
  ])('whose body is %s is refused as such', async (_what, body) => {
    expect((await (await openRig()).post(body)).status).toBe(400);
  });
});
