import { SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';

import { createSnsEmailTopic } from '#shared/adapters/aws/sns-email.ts';
import { createPagerDutySender } from '#shared/adapters/http/pagerduty-sender.ts';
import { createPostJson } from '#shared/adapters/http/post-json.ts';
import { createSlackSender } from '#shared/adapters/http/slack-sender.ts';
import { createWebhookSender } from '#shared/adapters/http/webhook-sender.ts';
import { createMemorySecretStore } from '#shared/adapters/memory/memory-secret-store.ts';
import { createEmailSender } from '#shared/notification/email-sender.ts';
import type { Channel } from '#shared/notification/schema.ts';
import {
  CHAT,
  createNotifierRig,
  HOOK,
  MAIL,
  PAGE,
  RIG_ALERT,
} from '#shared/testing/notifier-rig.ts';
import { putChannel } from '#shared/testing/put-channel.ts';

import { type ReceiverAnswer, type ReceiverName, startReceivers } from './receivers.testing.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const TARGETS = { slack: CHAT, 'slack-api': CHAT, pagerduty: PAGE, webhook: HOOK } as const;
const NAMES = ['slack', 'slack-api', 'pagerduty', 'webhook'] as const;

/** The real senders over real sockets, the deliveries in memory, the clock by hand. */
async function openRig(name: Exclude<ReceiverName, 'email'>, ...others: Channel[]) {
  const receivers = await startReceivers();
  const also = { email: MAIL, slack: CHAT, pagerduty: PAGE, webhook: HOOK };
  const target = TARGETS[name];
  const rig = await createNotifierRig([target, ...others.map((channel) => also[channel])]);
  const bot = JSON.stringify({ bot_token: 'xoxb', channel: 'C0OPS' });
  const { secrets } = createMemorySecretStore({
    '/sentry/channel/slack-ops': name === 'slack-api' ? bot : receivers.url('slack'),
    '/sentry/channel/pagerduty-primary': 'r'.repeat(32),
    '/sentry/channel/webhook-audit': receivers.url('webhook'),
    '/sentry/signing-key': 'root',
  });
  const post = createPostJson({ allow: [receivers.origin], timeoutMs: 150 });
  const now = () => rig.ctx.now();
  const senders = {
    slack: createSlackSender(post, secrets, now),
    pagerduty: createPagerDutySender(post, secrets, now),
    webhook: createWebhookSender(post, secrets, now, '/sentry/signing-key'),
  };
  const { sender: mail } = rig.ports;
  rig.ports.sender = {
    send: (notice) =>
      notice.channel.channel === 'email'
        ? mail.send(notice)
        : senders[notice.channel.channel].send(notice),
  };
  for (const { channel, destination } of [PAGE, ...(name === 'slack-api' ? [CHAT] : [])]) {
    const url = channel === 'pagerduty' ? receivers.url('pagerduty') : receivers.url('slack-api');
    const secondary = channel === 'pagerduty' ? { secondary: 'email-ops' } : {};
    const own = {
      channel_id: destination,
      channel,
      name: channel,
      enabled: true,
      url,
      ...secondary,
    };
    await putChannel(rig.channels, 't1', own);
  }
  return { ...rig, receivers, channel: target.channel, destination: target.destination };
}

describe('F10: a receiver that says "not so fast"', () => {
  const date = (ms: number) => new Date(Date.parse('2026-03-01T12:00:00.000Z') + ms).toUTCString();
  const forms: [string, Record<string, string>, number][] = [
    ['1', { 'retry-after': '1' }, SECOND],
    ['30', { 'retry-after': '30' }, 30 * SECOND],
    ['3600', { 'retry-after': '3600' }, HOUR],
    ['an HTTP date', { 'retry-after': date(90_000), date: date(0) }, 90 * SECOND],
    ['a date in the past', { 'retry-after': date(-90_000), date: date(0) }, 0],
    ['garbage', { 'retry-after': 'soon' }, 0],
    ['a negative number', { 'retry-after': '-5' }, 0],
    ['nothing', {}, 0],
  ];
  for (const name of NAMES)
    it.each(forms)(
      `${name}, Retry-After %s: never early, and then it arrives once`,
      async (...form) => {
        const [, headers, waitMs] = form;
        const rig = await openRig(name, ...(name === 'webhook' ? ['email' as const] : []));
        rig.receivers.fail(name, { status: 429, headers });
        await rig.run(rig.channel);
        if (name === 'webhook') {
          await rig.run('email');
          expect((await rig.row('email-ops')).status).toBe('SENT');
        }
        const due = Date.parse((await rig.row(rig.destination)).next_attempt_at!);
        expect(due - rig.ctx.now()).toBeGreaterThanOrEqual(Math.max(waitMs, SECOND));
        rig.advance(due - rig.ctx.now() - 1);
        await rig.sweep();
        expect(rig.receivers.calls(name)).toBe(1);
        rig.advance(1);
        await rig.sweep();
        expect(rig.receivers.took(name)).toHaveLength(1);
        expect(await rig.row(rig.destination)).toMatchObject({ status: 'SENT', sent: 'trigger' });
      },
    );
});

describe('F11: a receiver that is ill', () => {
  const illnesses: [string, ReceiverAnswer, boolean][] = [
    ['500', { status: 500 }, false],
    ['503', { status: 503 }, false],
    ['a late answer', { delayMs: 10_000 }, true],
    ['a reset before the message', { drop: 'before' }, false],
    ['a reset after the message', { drop: 'after' }, true],
    ['an answer cut short', { cut: true }, true],
    ['an answer that drips', { drip: true }, true],
  ];
  for (const name of NAMES)
    it.each(illnesses)(
      `${name}: %s, and it is told when it is well again`,
      async (_n, ill, took) => {
        const rig = await openRig(name);
        rig.receivers.fail(name, ill, ill);
        await rig.run(rig.channel);
        expect((await rig.row(rig.destination)).status).toBe('RETRYING');
        for (let round = 0; round < 2; round++) {
          rig.advance(10 * SECOND);
          await rig.sweep();
        }
        expect(await rig.row(rig.destination)).toMatchObject({ status: 'SENT', attempts: 3 });
        // What it took without saying so comes again, with the same key where a receiver knows one.
        const taken = rig.receivers.took(name);
        expect(taken).toHaveLength(took ? 3 : 1);
        if (name === 'pagerduty')
          expect(new Set(taken.map(({ body }) => body.dedup_key as string))).toEqual(
            new Set([RIG_ALERT]),
          );
        if (name === 'webhook')
          expect(new Set(taken.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
      },
    );

  it.each(['slack', 'slack-api'] as const)(
    '%s: a 200 that says no, or says nothing anybody understands, is no receipt',
    async (name) => {
      const rig = await openRig(name);
      rig.receivers.fail(
        name,
        { body: '{"ok":false,"error":"internal_error"}', refuses: true },
        { body: Buffer.from([0xff, 0x00, 0xfe]) },
        { body: '<html>sign in</html>', refuses: true },
        {
          body: '{"ok":false,"error":"ratelimited"}',
          headers: { 'retry-after': '30' },
          refuses: true,
        },
      );
      await rig.run(rig.channel);
      for (let minute = 0; minute < 5; minute++) {
        expect((await rig.row(rig.destination)).status).toBe('RETRYING');
        rig.advance(MINUTE);
        await rig.sweep();
        if ((await rig.row(rig.destination)).status === 'SENT') break;
      }
      expect((await rig.row(rig.destination)).status).toBe('SENT');
      // The garbage came from a receiver that took the message.
      expect(rig.receivers.took(name)).toHaveLength(2);
    },
  );

  it('ill for a day: dead after 24 hours, and the secondary channel is told', async () => {
    const rig = await openRig('pagerduty');
    const ill = Array.from({ length: 400 }, () => ({ status: 503 }));
    rig.receivers.fail('pagerduty', ...ill);
    await rig.run('pagerduty');
    for (let hour = 0; hour < 25; hour++) {
      rig.advance(HOUR);
      await rig.sweep();
    }
    expect((await rig.row()).status).toBe('DEAD');
    expect((await rig.row('email-ops')).status).toBe('SENT');
    // Both about the alert and about the broken channel, none was taken.
    expect(rig.receivers.took('pagerduty')).toEqual([]);
    const about = rig.receivers.took('slack').concat(rig.receivers.took('webhook'));
    for (const { body } of about) expect(JSON.stringify(body)).toContain('is broken');
  });
});

describe('F10 to F12: mail', () => {
  async function openMail() {
    const receivers = await startReceivers();
    const rig = await createNotifierRig([MAIL]);
    const client = new SNSClient({
      region: 'eu-central-1',
      endpoint: receivers.url('email'),
      credentials: { accessKeyId: 'a', secretAccessKey: 's' },
      maxAttempts: 1,
    });
    rig.ports.sender = createEmailSender(createSnsEmailTopic(client, 'arn:aws:sns:x:1:topic'));
    return { ...rig, receivers };
  }
  const fault = (status: number, code: string, headers = {}) => ({
    status,
    headers,
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code></Error></ErrorResponse>`,
  });

  it.each<[string, ReceiverAnswer, number]>([
    ['throttled', fault(400, 'Throttling', { 'retry-after': '1' }), 1],
    ['out of order', fault(500, 'InternalError'), 1],
    ['cut off before', { drop: 'before' }, 1],
    ['cut off after', { drop: 'after' }, 2],
  ])('%s, it is sent when the topic takes it again', async (_name, ill, taken) => {
    const rig = await openMail();
    rig.receivers.fail('email', ill);
    await rig.run('email');
    expect((await rig.row('email-ops')).status).toBe('RETRYING');
    rig.advance(10 * SECOND);
    await rig.sweep();
    const row = await rig.row('email-ops');
    expect(row.status).toBe('SENT');
    expect(row.receipt).toMatch(/^mail-/);
    const mails = rig.receivers.took('email');
    expect(mails).toHaveLength(taken);
    expect(mails[0]!.body).toMatchObject({ Action: 'Publish', TopicArn: 'arn:aws:sns:x:1:topic' });
  });

  it('refused for good, it is dead and says why', async () => {
    const rig = await openMail();
    rig.receivers.fail('email', fault(403, 'AuthorizationError'));
    await rig.run('email');
    const row = await rig.row('email-ops');
    expect(row.status).toBe('DEAD');
    expect(row.last_error).toMatch(/^SNS: Authorization/);
  });
});

describe('F12: a receiver that refuses for good', () => {
  for (const name of NAMES)
    it.each([400, 401, 403, 404, 410])(
      `${name}: %d is dead at once, and its neighbour is told`,
      async (status) => {
        const rig = await openRig(name, 'email');
        rig.receivers.fail(name, { status });
        await rig.run(rig.channel);
        await rig.run('email');
        expect(await rig.row(rig.destination)).toMatchObject({
          status: 'DEAD',
          last_error: `HTTP ${status}`,
        });
        expect((await rig.row('email-ops')).status).toBe('SENT');
        const broken = [...rig.tables.alerts.values()].filter(
          ({ row }) => row.rule_id === 'sentry-notifier-broken',
        );
        expect(broken).toHaveLength(1);
        expect(rig.receivers.calls(name)).toBe(1);
      },
    );

  it('slack: a 200 with ok:false for good is dead too', async () => {
    for (const name of ['slack', 'slack-api'] as const) {
      const rig = await openRig(name);
      rig.receivers.fail(name, { body: '{"ok":false,"error":"channel_not_found"}', refuses: true });
      await rig.run('slack');
      expect(await rig.row('slack-ops')).toMatchObject({
        status: 'DEAD',
        last_error: 'Slack: channel_not_found',
      });
    }
  });

  it('a redirect is followed by nobody', async () => {
    const rig = await openRig('webhook');
    const elsewhere = rig.receivers.url('slack');
    rig.receivers.fail('webhook', { status: 307, headers: { location: elsewhere } });
    await rig.run('webhook');
    expect((await rig.row('webhook-audit')).status).toBe('DEAD');
    expect(rig.receivers.calls('slack')).toBe(0);
  });
});
