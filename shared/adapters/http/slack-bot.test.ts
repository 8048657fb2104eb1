import { describe, expect, it } from 'vitest';

import { createMemorySecretStore } from '#shared/adapters/memory/memory-secret-store.ts';
import type { Intent } from '#shared/notification/schema.ts';
import type { Notice } from '#shared/ports/channel-sender.ts';
import { BUILT_AT, buildAlert, buildDelivery } from '#shared/testing/build-alert.ts';
import { CHAT, createNotifierRig } from '#shared/testing/notifier-rig.ts';

import type { PostResult } from './post-json.ts';
import { createSlackSender } from './slack-sender.ts';

const now = () => Date.parse(BUILT_AT);
const TOKEN = 'xoxb-test';
const SECRET = JSON.stringify({ bot_token: TOKEN, channel: 'C0000OPS' });
const REF = 'C0000OPS:1772366400.000100';

function notice(intent: Intent, destination_ref?: string): Notice {
  return {
    intent,
    delivery: buildDelivery({ ...CHAT, destination_ref }),
    alert: buildAlert({ acknowledged_by: 'user:ada', resolved_by: 'user:bob' }),
    channel: { channel_id: 'slack-ops', channel: 'slack', name: 'c', enabled: true },
    link: 'https://sentry.example/alerts/a',
    at: BUILT_AT,
    idempotency_key: 'k',
  };
}

/** Slack's Web API, answering in turn; the last answer repeats. */
function slack(...answers: (object | PostResult)[]) {
  const calls: { method: string; token: string | undefined; fields: Record<string, unknown> }[] =
    [];
  const post = (request: {
    url: string;
    headers?: Readonly<Record<string, string>>;
    body: string;
  }) => {
    calls.push({
      method: request.url.replace('https://slack.com/api/', ''),
      token: request.headers?.['authorization'],
      fields: JSON.parse(request.body) as Record<string, unknown>,
    });
    const next = (answers.length > 1 ? answers.shift() : answers[0])!;
    if ('kind' in next) return Promise.resolve(next as PostResult);
    const body = JSON.stringify(next);
    return Promise.resolve<PostResult>({ kind: 'answered', status: 200, headers: {}, body });
  };
  const { secrets } = createMemorySecretStore({ '/sentry/channel/slack-ops': SECRET });
  return { calls, sender: createSlackSender(post, secrets, now) };
}

const POSTED = { ok: true, channel: 'C0000OPS', ts: '1772366400.000100' };

describe('Slack with a bot', () => {
  it('posts the first word and remembers the message', async () => {
    const { calls, sender } = slack(POSTED);
    expect(await sender.send(notice('trigger'))).toEqual({
      kind: 'delivered',
      receipt: 'posted 1772366400.000100',
      destination_ref: REF,
    });
    expect(calls).toMatchObject([
      { method: 'chat.postMessage', token: `Bearer ${TOKEN}`, fields: { channel: 'C0000OPS' } },
    ]);
    expect(calls[0]!.fields['blocks']).toBeDefined();
  });

  it.each([
    ['acknowledge', 'Acknowledged by user:ada'],
    ['resolve', 'Resolved by user:bob'],
    ['trigger', 'Open again'],
  ] as const)('changes that message to %s and adds to its thread', async (intent, words) => {
    const { calls, sender } = slack(POSTED);
    expect(await sender.send(notice(intent, REF))).toEqual({
      kind: 'delivered',
      receipt: 'updated 1772366400.000100',
      destination_ref: REF,
    });
    const [channel, ts] = REF.split(':');
    expect(calls).toMatchObject([
      { method: 'chat.update', fields: { channel, ts } },
      { method: 'chat.postMessage', fields: { channel, thread_ts: ts } },
    ]);
    expect(calls[1]!.fields['text']).toContain(words);
  });

  it.each(['message_not_found', 'cant_update_message', 'edit_window_closed'])(
    'posts anew when the message is gone (%s)',
    async (error) => {
      const anew = { ...POSTED, ts: '1772366500.000200' };
      const { calls, sender } = slack({ ok: false, error }, anew);
      expect(await sender.send(notice('resolve', REF))).toMatchObject({
        destination_ref: 'C0000OPS:1772366500.000200',
      });
      expect(calls.map(({ method }) => method)).toEqual(['chat.update', 'chat.postMessage']);
    },
  );

  it.each<[object | PostResult, object]>([
    [
      { ok: false, error: 'invalid_auth' },
      { kind: 'permanent', error: 'Slack: invalid_auth' },
    ],
    [
      { ok: false, error: 'channel_not_found' },
      { kind: 'permanent', error: 'Slack: channel_not_found' },
    ],
    [
      { ok: false, error: 'ratelimited' },
      { kind: 'retryable', may_have_arrived: false },
    ],
    [
      { kind: 'answered', status: 429, headers: { 'retry-after': '12' }, body: '' },
      { kind: 'retryable', retry_after_ms: 12_000, may_have_arrived: false },
    ],
    [
      { kind: 'failed', error: 'ECONNRESET', sent: true },
      { kind: 'retryable', may_have_arrived: true },
    ],
    [
      { kind: 'answered', status: 200, headers: {}, body: '<html>' },
      { kind: 'retryable', may_have_arrived: true },
    ],
  ])('%j → %j, posting and changing alike', async (answer, outcome) => {
    expect(await slack(answer).sender.send(notice('trigger'))).toMatchObject(outcome);
    expect(await slack(answer).sender.send(notice('resolve', REF))).toMatchObject(outcome);
  });

  it('tries the whole again for a reply that failed for now, and lives without one refused for good', async () => {
    const busy = slack(POSTED, { ok: false, error: 'ratelimited' });
    expect((await busy.sender.send(notice('resolve', REF))).kind).toBe('retryable');
    const refused = slack(POSTED, { ok: false, error: 'thread_locked' });
    expect(await refused.sender.send(notice('resolve', REF))).toMatchObject({
      kind: 'delivered',
      receipt: 'updated 1772366400.000100, no reply (Slack: thread_locked)',
    });
  });

  it('without token or conversation is misconfigured, and never tells the token', async () => {
    const { secrets } = createMemorySecretStore({
      '/sentry/channel/slack-ops': '{"bot_token":"xoxb-secret"}',
    });
    const post = () => Promise.reject(new Error('not to be called'));
    const outcome = await createSlackSender(post, secrets, now).send(notice('trigger'));
    expect(outcome.kind).toBe('permanent');
    expect(JSON.stringify(outcome)).not.toContain('xoxb-secret');
  });

  it('an alert from open to resolved is one message, changed each time', async () => {
    const rig = await createNotifierRig([CHAT]);
    const { calls, sender } = slack(POSTED);
    rig.ports.sender = sender;
    await rig.run('slack');
    await rig.acknowledge();
    await rig.run('slack');
    rig.advance(5_000);
    await rig.unacknowledge();
    await rig.run('slack');
    await rig.resolve();
    await rig.run('slack');
    const posts = calls.filter(
      ({ method, fields }) => method === 'chat.postMessage' && !('thread_ts' in fields),
    );
    expect(posts).toHaveLength(1);
    expect(calls.filter(({ method }) => method === 'chat.update')).toHaveLength(3);
    expect(await rig.row('slack-ops')).toMatchObject({ status: 'SENT', sent: 'resolve' });
  });

  it('an incoming webhook hears no acknowledgement: it could only post again', async () => {
    const rig = await createNotifierRig([CHAT]);
    await rig.run('slack');
    await rig.acknowledge();
    await rig.run('slack');
    expect(rig.sent.map(({ intent }) => intent)).toEqual(['trigger']);
  });
});
