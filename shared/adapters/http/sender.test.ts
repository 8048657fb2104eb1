import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { createMemorySecretStore } from '#shared/adapters/memory/memory-secret-store.ts';
import type { Channel, Intent } from '#shared/notification/schema.ts';
import type { Notice } from '#shared/ports/channel-sender.ts';
import { BUILT_AT, buildAlert, buildDelivery } from '#shared/testing/build-alert.ts';
import { startReceiver } from '#shared/testing/http-receiver.ts';

import { createPagerDutySender } from './pagerduty-sender.ts';
import { createPostJson, type PostJson, type PostResult } from './post-json.ts';
import { createSlackSender } from './slack-sender.ts';
import { createWebhookSender } from './webhook-sender.ts';

const NOW = Date.parse(BUILT_AT);
const now = () => NOW;
const SECRET = '/sentry/channel/c';
const ROOT = '/sentry/signing-key';

function notice(channel: Channel, intent: Intent = 'trigger', destination_ref?: string): Notice {
  const delivery = buildDelivery({ channel, destination: 'c', destination_ref });
  return {
    intent,
    delivery,
    alert: buildAlert(),
    channel: { channel_id: 'c', channel, name: 'c', enabled: true, secret: SECRET },
    link: 'https://sentry.example/alerts/a',
    at: BUILT_AT,
    idempotency_key: delivery.delivery_key,
  };
}

const answers = (result: PostResult) => () => Promise.resolve(result);
const answered = (status: number, body = '', headers: Record<string, string> = {}): PostResult => ({
  kind: 'answered',
  status,
  body,
  headers,
});
const { secrets } = createMemorySecretStore({
  [SECRET]: 'https://hooks.example/x',
  [ROOT]: 'root',
});

describe('Slack', () => {
  const say = (result: PostResult) =>
    createSlackSender(answers(result), secrets, now).send(notice('slack'));

  it.each<[PostResult, object]>([
    [answered(200, 'ok'), { kind: 'delivered' }],
    [answered(200, '{"ok":true}'), { kind: 'delivered' }],
    [
      answered(200, '{"ok":false,"error":"channel_not_found"}'),
      { kind: 'permanent', error: 'Slack: channel_not_found' },
    ],
    [
      answered(200, '{"ok":false,"error":"ratelimited"}', { 'retry-after': '7' }),
      { kind: 'retryable', retry_after_ms: 7_000, may_have_arrived: false },
    ],
    [
      answered(200, '{"ok":false,"error":"internal_error"}'),
      { kind: 'retryable', may_have_arrived: true },
    ],
    [answered(200, '<html>sign in</html>'), { kind: 'retryable', may_have_arrived: true }],
    [answered(200, ''), { kind: 'retryable' }],
    [
      answered(429, '', { 'retry-after': '30' }),
      { kind: 'retryable', retry_after_ms: 30_000, may_have_arrived: false },
    ],
    [answered(500), { kind: 'retryable', may_have_arrived: true }],
    [answered(503), { kind: 'retryable' }],
    [answered(302), { kind: 'permanent' }],
    [answered(400, 'invalid_payload'), { kind: 'permanent' }],
    [answered(403), { kind: 'permanent' }],
    [answered(404, 'no_service'), { kind: 'permanent' }],
    [answered(410), { kind: 'permanent' }],
    [{ kind: 'refused', error: 'x' }, { kind: 'permanent' }],
    [
      { kind: 'failed', error: 'x', sent: false },
      { kind: 'retryable', may_have_arrived: false },
    ],
    [
      { kind: 'failed', error: 'x', sent: true },
      { kind: 'retryable', may_have_arrived: true },
    ],
  ])('%j → %j', async (result, outcome) => {
    expect(await say(result)).toMatchObject(outcome);
  });

  it('without its parameter is misconfigured, and says which one is missing', async () => {
    const none = createMemorySecretStore().secrets;
    const outcome = await createSlackSender(answers(answered(200)), none, now).send(
      notice('slack'),
    );
    expect(outcome).toEqual({
      kind: 'permanent',
      error: `the parameter ${SECRET} does not exist`,
    });
  });
});

describe('PagerDuty', () => {
  const say = (result: PostResult) =>
    createPagerDutySender(answers(result), secrets, now).send(notice('pagerduty'));

  it.each<[number, string]>([
    [202, 'delivered'],
    [200, 'permanent'],
    [400, 'permanent'],
    [401, 'permanent'],
    [403, 'permanent'],
    [404, 'permanent'],
    [408, 'retryable'],
    [429, 'retryable'],
    [500, 'retryable'],
    [502, 'retryable'],
    [503, 'retryable'],
  ])('%d → %s', async (status, kind) => {
    expect((await say(answered(status))).kind).toBe(kind);
  });

  it('is told where the deployment says, unless the channel names an address', async () => {
    const asked: string[] = [];
    const post: PostJson = (request) => {
      asked.push(request.url);
      return Promise.resolve(answered(202));
    };
    const told = notice('pagerduty');
    const sender = createPagerDutySender(post, secrets, now, 'https://here.example/enqueue');
    await sender.send(told);
    await sender.send({ ...told, channel: { ...told.channel, url: 'https://eu.example/enqueue' } });
    await createPagerDutySender(post, secrets, now).send(told);
    expect(asked).toEqual([
      'https://here.example/enqueue',
      'https://eu.example/enqueue',
      'https://events.pagerduty.com/v2/enqueue',
    ]);
  });

  it('acknowledges with the routing key it triggered with, after the key was changed', async () => {
    const receiver = await startReceiver((response) => response.writeHead(202).end());
    const { origin } = receiver;
    const keys = createMemorySecretStore({ [SECRET]: 'old-key' });
    const sender = createPagerDutySender(createPostJson({ allow: [origin] }), keys.secrets, now);
    const to = (n: Notice) => ({ ...n, channel: { ...n.channel, url: `${origin}/v2/enqueue` } });

    const opened = await sender.send(to(notice('pagerduty')));
    expect(opened).toEqual({ kind: 'delivered', receipt: 'HTTP 202', destination_ref: '1' });
    keys.set(SECRET, 'new-key');
    await sender.send(to(notice('pagerduty', 'acknowledge', '1')));
    await sender.send(to(notice('pagerduty')));
    const bodies = receiver.received.map(({ body }) => JSON.parse(body) as object);
    expect(bodies).toMatchObject([
      { event_action: 'trigger', routing_key: 'old-key', dedup_key: buildAlert().alert_id },
      { event_action: 'acknowledge', routing_key: 'old-key', dedup_key: buildAlert().alert_id },
      { event_action: 'trigger', routing_key: 'new-key' },
    ]);
  });
});

describe('a webhook', () => {
  it.each<[number, string]>([
    [200, 'delivered'],
    [201, 'delivered'],
    [204, 'delivered'],
    [301, 'permanent'],
    [307, 'permanent'],
    [400, 'permanent'],
    [401, 'permanent'],
    [404, 'permanent'],
    [408, 'retryable'],
    [410, 'permanent'],
    [429, 'retryable'],
    [500, 'retryable'],
    [503, 'retryable'],
  ])('%d → %s', async (status, kind) => {
    const sender = createWebhookSender(answers(answered(status)), secrets, now, ROOT);
    expect((await sender.send(notice('webhook'))).kind).toBe(kind);
  });

  it('carries a signature the receiver can check, a timestamp and the idempotency key', async () => {
    const receiver = await startReceiver((response) => response.writeHead(204).end());
    const { origin } = receiver;
    const value = JSON.stringify({ url: `${origin}/hook`, signing_key: 'shared' });
    const own = createMemorySecretStore({ [SECRET]: value }).secrets;
    const sender = createWebhookSender(createPostJson({ allow: [origin] }), own, now, ROOT);
    expect(await sender.send(notice('webhook'))).toEqual({
      kind: 'delivered',
      receipt: 'HTTP 204',
    });
    const { headers, body } = receiver.received[0]!;
    const timestamp = headers['x-sentry-timestamp'];
    expect(timestamp).toBe(String(NOW / 1000));
    const expected = createHmac('sha256', 'shared').update(`v1:${String(timestamp)}:${body}`);
    expect(headers['x-sentry-signature']).toBe(`v1=${expected.digest('hex')}`);
    expect(headers['idempotency-key']).toBe(buildDelivery({ destination: 'c' }).delivery_key);
    expect(headers['content-type']).toBe('application/cloudevents+json');
    expect(JSON.parse(body)).toMatchObject({
      specversion: '1.0',
      type: 'sentry.alert.opened',
      id: headers['idempotency-key'],
      data: { alert: { alert_id: buildAlert().alert_id } },
    });
  });

  it('is signed with a derived key where the parameter holds only the URL', async () => {
    const signatures: (string | undefined)[] = [];
    const expected: string[] = [];
    for (const tenant of ['t1', 't2']) {
      const post = (request: { headers?: Readonly<Record<string, string>>; body: string }) => {
        signatures.push(request.headers?.['x-sentry-signature']);
        const key = createHmac('sha256', 'root').update(`webhook:${tenant}:c`).digest('hex');
        const signed = createHmac('sha256', key).update(`v1:${NOW / 1000}:${request.body}`);
        expected.push(`v1=${signed.digest('hex')}`);
        return Promise.resolve(answered(200));
      };
      const one = notice('webhook');
      const delivery = { ...one.delivery, tenant };
      await createWebhookSender(post, secrets, now, ROOT).send({ ...one, delivery });
    }
    expect(signatures).toEqual(expected);
  });

  it.each(['{"url":1}', '{broken', '{}'])(
    'with %s as its secret is misconfigured',
    async (value) => {
      const own = createMemorySecretStore({ [SECRET]: value }).secrets;
      const sender = createWebhookSender(answers(answered(200)), own, now, ROOT);
      expect((await sender.send(notice('webhook'))).kind).toBe('permanent');
    },
  );
});
