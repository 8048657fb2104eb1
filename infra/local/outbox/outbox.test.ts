import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { LocalClock } from '#infra/local/clock.ts';
import { makeScratch, startConformanceServer } from '#infra/local/conformance-server.ts';
import type { ConformanceServer } from '#infra/local/conformance-server.ts';

import { createOutbox } from './outbox.ts';
import type { Outbox } from './outbox.ts';

const clock = new LocalClock();
const scratch = makeScratch();
let outbox: Outbox;
let server: ConformanceServer;

beforeAll(async () => {
  outbox = createOutbox({ file: join(scratch.directory, 'outbox.sqlite'), clock });
  server = await startConformanceServer((request) => outbox.handle(request));
});

beforeEach(() => outbox.clear());

afterAll(async () => {
  await server.close();
  await outbox.close();
  clock.close();
  scratch.remove();
});

async function post(receiver: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${server.url}/_local/receivers/${receiver}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

const ALERT = 'abcdefghijklmnopqrstuvwxyz'.replace('a', '2');
const ROUTING_KEY = '0123456789abcdef0123456789abcdef';
const trigger = {
  routing_key: ROUTING_KEY,
  event_action: 'trigger',
  dedup_key: ALERT,
  payload: { summary: 'disk full', source: 'db-1', severity: 'critical' },
};

describe('Slack incoming webhooks, the reference', () => {
  it('answers ok to blocks within their limits and finds the alert behind the link', async () => {
    const blocks = [
      { type: 'header', text: { type: 'plain_text', text: 'Disk full' } },
      { type: 'section', text: { type: 'mrkdwn', text: `<http://x/alerts/${ALERT}|open>` } },
      {
        type: 'actions',
        elements: [{ type: 'button', text: { type: 'plain_text', text: 'Ack' } }],
      },
    ];
    expect(await post('slack/ops', { text: 'Disk full', blocks })).toMatchObject({
      status: 200,
      text: 'ok',
    });
    expect(outbox.list()).toMatchObject([
      {
        channel: 'slack',
        destination: 'ops',
        status: 200,
        alert_id: ALERT,
        body_json: { text: 'Disk full' },
      },
    ]);
  });

  it('refuses what Slack refuses', async () => {
    const header = { type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } };
    expect(await post('slack/ops', '{"text')).toMatchObject({
      status: 400,
      text: 'invalid_payload',
    });
    expect(await post('slack/ops', { blocks: [] })).toMatchObject({ status: 400, text: 'no_text' });
    expect(await post('slack/ops', { blocks: [header] })).toMatchObject({
      status: 400,
      text: 'invalid_blocks',
    });
    expect(outbox.list().map((message) => message.status)).toEqual([400, 400, 400]);
  });
});

describe('PagerDuty Events API v2, the reference', () => {
  it('takes trigger, acknowledge and resolve under one dedup key, and masks the routing key', async () => {
    expect(JSON.parse((await post('pagerduty/v2/enqueue', trigger)).text)).toEqual({
      status: 'success',
      message: 'Event processed',
      dedup_key: ALERT,
    });
    for (const event_action of ['acknowledge', 'resolve']) {
      const event = { routing_key: ROUTING_KEY, event_action, dedup_key: ALERT };
      expect((await post('pagerduty/v2/enqueue', event)).status).toBe(202);
    }
    const messages = outbox.list({ channel: 'pagerduty', alert_id: ALERT });
    expect(messages.map((message) => (message.body_json as typeof trigger).event_action)).toEqual([
      'resolve',
      'acknowledge',
      'trigger',
    ]);
    expect(JSON.stringify(messages)).not.toContain(ROUTING_KEY);
    expect(messages[0]?.destination).toBe('****cdef');
  });

  it.each([
    ['a short routing key', { ...trigger, routing_key: 'short' }],
    ['a long dedup key', { ...trigger, dedup_key: 'x'.repeat(256) }],
    ['a long summary', { ...trigger, payload: { ...trigger.payload, summary: 'x'.repeat(1025) } }],
    ['an unknown severity', { ...trigger, payload: { ...trigger.payload, severity: 'HIGH' } }],
    ['an unknown action', { ...trigger, event_action: 'open' }],
    ['a resolve without dedup key', { routing_key: ROUTING_KEY, event_action: 'resolve' }],
    ['no JSON', '{'],
  ])('refuses %s with 400 and the reasons', async (_, event) => {
    const { status, text } = await post('pagerduty/v2/enqueue', event);
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({
      status: 'invalid event',
      errors: [expect.any(String)],
    });
  });
});

describe('generic webhooks', () => {
  it('are taken with their idempotency key, and secrets in headers are masked', async () => {
    const headers = {
      'idempotency-key': 'key-1',
      'x-sentry-signature': 'v1=secret',
      authorization: 'Bearer t',
    };
    const body = { specversion: '1.0', data: { alert: { alert_id: ALERT } } };
    expect((await post('webhook/audit', body, headers)).status).toBe(202);
    const [message] = outbox.list();
    expect(message).toMatchObject({ destination: 'audit', dedup_key: 'key-1', alert_id: ALERT });
    expect(message?.headers).toMatchObject({ 'x-sentry-signature': '***', authorization: '***' });
  });
});

describe('faults', () => {
  it('show for as many answers as asked, with status, headers and body', async () => {
    outbox.setFault('slack', {
      remaining: 2,
      status: 429,
      headers: { 'retry-after': '3' },
      body: 'slow down',
    });
    const answers = [];
    for (let turn = 0; turn < 3; turn++) answers.push(await post('slack/ops', { text: 'x' }));
    expect(answers.map((answer) => answer.status)).toEqual([429, 429, 200]);
    expect([answers[0]?.headers.get('retry-after'), answers[0]?.text]).toEqual(['3', 'slow down']);
    expect(outbox.list().map((message) => message.status)).toEqual([200, 429, 429]);
  });

  it('may strike one address only, and be taken away', async () => {
    outbox.setFault('webhook/bad', { status: 503 });
    expect((await post('webhook/good', {})).status).toBe(202);
    expect((await post('webhook/bad', {})).status).toBe(503);
    outbox.setFault('webhook/bad', undefined);
    expect((await post('webhook/bad', {})).status).toBe(202);
  });

  it('reset cuts the connection; with accept the message was taken all the same', async () => {
    outbox.setFault('webhook', { remaining: 1, reset: true });
    await expect(post('webhook/x', { n: 1 })).rejects.toThrow();
    outbox.setFault('webhook', { remaining: 1, reset: true, accept: true });
    await expect(post('webhook/x', { n: 2 })).rejects.toThrow();
    expect(outbox.list().map((message) => message.status)).toEqual([202, 0]);
  });
});

describe('the page', () => {
  it('shows messages escaped, without script or inline style, and filters by channel', async () => {
    await post('slack/ops', { text: '<script>alert(1)</script>' });
    await post('webhook/audit', { type: 'alert.opened' });
    const response = await fetch(`${server.url}/_local/outbox?channel=slack`);
    const html = await response.text();
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).not.toMatch(/<script|style=|audit/);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await fetch(`${server.url}/_local/outbox.css`)).headers.get('content-type')).toContain(
      'text/css',
    );
  });

  it('JSON filters by channel and time, newest first; DELETE empties it', async () => {
    await post('slack/ops', { text: 'early' });
    clock.advance(60_000);
    const since = new Date(clock.now()).toISOString();
    await post('slack/ops', { text: 'late' });
    await post('webhook/audit', {});
    const read = async (query: string) =>
      (await (await fetch(`${server.url}/_local/outbox.json${query}`)).json()) as {
        count: number;
        messages: { body_json: unknown }[];
      };
    expect((await read('')).count).toBe(3);
    const late = await read(`?channel=slack&since=${since}`);
    expect(late.messages.map((message) => message.body_json)).toEqual([{ text: 'late' }]);
    await fetch(`${server.url}/_local/outbox`, { method: 'DELETE' });
    expect((await read('')).count).toBe(0);
  });
});
