import { describe, expect, it } from 'vitest';

import {
  CHAT,
  createNotifierRig,
  HOOK,
  MAIL,
  PAGE,
  RIG_ALERT,
} from '#shared/testing/notifier-rig.ts';

const DELIVERED = { kind: 'delivered', receipt: 'ok' } as const;
const BUSY = { kind: 'retryable', error: 'HTTP 503', may_have_arrived: true } as const;
const LIMITED = { kind: 'retryable', error: 'HTTP 429', may_have_arrived: false } as const;
const MINUTE = 60_000;

describe('deliver', () => {
  it('sends what is owed, keeps the receipt, and tells the journal and the bus', async () => {
    const rig = await createNotifierRig([PAGE]);
    await rig.run('pagerduty');
    expect(rig.sent.map(({ intent }) => intent)).toEqual(['trigger']);
    expect(rig.sent[0]).toMatchObject({
      idempotency_key: `${RIG_ALERT}|1|pagerduty-primary`,
      link: `https://sentry.example/alerts/${RIG_ALERT}`,
    });
    const row = await rig.row();
    expect(row).toMatchObject({ status: 'SENT', sent: 'trigger', receipt: 'ok', attempts: 1 });
    for (const gone of ['next_attempt_at', 'lease_owner', 'lease_until', 'tried'] as const)
      expect(row[gone]).toBeUndefined();
    expect(rig.actions()).toEqual(['notification.sent']);
    const [told] = [...rig.tables.outbox.values()];
    expect(told?.envelope).toMatchObject({
      type: 'delivery.sent',
      payload: { alert: { alert_id: RIG_ALERT }, channels: [] },
    });
  });

  it('sends nothing the second time, however often it is woken', async () => {
    const rig = await createNotifierRig([PAGE]);
    for (let woken = 0; woken < 5; woken++) await rig.run('pagerduty');
    expect(rig.sent).toHaveLength(1);
  });

  it('speaks only to its own channel', async () => {
    const rig = await createNotifierRig([PAGE, CHAT, MAIL, HOOK]);
    await rig.run('slack');
    expect(rig.sent.map(({ delivery }) => delivery.channel)).toEqual(['slack']);
  });

  it('a trigger that comes late, after the resolve, sends nothing', async () => {
    const rig = await createNotifierRig([PAGE, CHAT, MAIL, HOOK]);
    await rig.resolve();
    for (const channel of ['pagerduty', 'slack', 'email', 'webhook'] as const)
      await rig.run(channel);
    expect(rig.sent).toEqual([]);
    for (const row of await rig.rows()) {
      expect(row.status).toBe('CONFIRMED');
      expect(row.receipt).toMatch(/^not needed: (resolved|never triggered)$/);
      expect(row.next_attempt_at).toBeUndefined();
    }
  });

  it('a trigger that comes late, after the acknowledgement, pages nobody', async () => {
    const rig = await createNotifierRig([PAGE, CHAT, MAIL]);
    await rig.acknowledge();
    for (const channel of ['pagerduty', 'slack', 'email'] as const) await rig.run(channel);
    expect(rig.sent).toEqual([]);
  });

  it('an acknowledgement reaches PagerDuty once, and mail and chat not at all', async () => {
    const rig = await createNotifierRig([PAGE, CHAT, MAIL]);
    for (const channel of ['pagerduty', 'slack', 'email'] as const) await rig.run(channel);
    await rig.acknowledge();
    for (let woken = 0; woken < 3; woken++)
      for (const channel of ['pagerduty', 'slack', 'email'] as const) await rig.run(channel);
    const later = rig.sent.slice(3).map((notice) => [notice.delivery.channel, notice.intent]);
    expect(later).toEqual([['pagerduty', 'acknowledge']]);
  });

  it('acknowledge, resolve: each later intent has a key of its own', async () => {
    const rig = await createNotifierRig([HOOK]);
    await rig.run('webhook');
    rig.advance(1000);
    await rig.acknowledge();
    await rig.run('webhook');
    rig.advance(1000);
    await rig.unacknowledge();
    await rig.run('webhook');
    rig.advance(1000);
    await rig.resolve();
    await rig.run('webhook');
    expect(rig.sent.map(({ intent }) => intent)).toEqual([
      'trigger',
      'acknowledge',
      'trigger',
      'resolve',
    ]);
    expect(new Set(rig.sent.map(({ idempotency_key }) => idempotency_key)).size).toBe(4);
  });

  it('an acknowledgement during the send is told right after it', async () => {
    const rig = await createNotifierRig([PAGE]);
    const { sender } = rig.ports;
    let first = true;
    rig.ports.sender = {
      async send(notice) {
        if (first) await rig.acknowledge();
        first = false;
        return await sender.send(notice);
      },
    };
    await rig.run('pagerduty');
    expect(rig.sent.map(({ intent }) => intent)).toEqual(['trigger', 'acknowledge']);
    expect(await rig.row()).toMatchObject({ status: 'SENT', sent: 'acknowledge' });
  });

  it('an acknowledgement between claim and send stops the page', async () => {
    const rig = await createNotifierRig([PAGE]);
    const { work } = rig.ports;
    let claims = 0;
    rig.ports.work = {
      ...work,
      async commit(commit) {
        await work.commit(commit);
        if (claims++ === 0) await rig.acknowledge();
      },
    };
    await rig.run('pagerduty');
    expect(rig.sent).toEqual([]);
    expect((await rig.row()).lease_owner).toBeUndefined();
  });

  it('a resolve follows a trigger whose answer never came', async () => {
    const rig = await createNotifierRig([PAGE], { pagerduty: [BUSY, DELIVERED] });
    await rig.run('pagerduty');
    await rig.resolve();
    await rig.run('pagerduty');
    expect(rig.sent.map(({ intent }) => intent)).toEqual(['trigger', 'resolve']);
  });

  it('a resolve does not follow a trigger that was certainly refused', async () => {
    const rig = await createNotifierRig([CHAT], { slack: [LIMITED, DELIVERED] });
    await rig.run('slack');
    await rig.resolve();
    await rig.run('slack');
    expect(rig.sent.map(({ intent }) => intent)).toEqual(['trigger']);
  });

  it('an acknowledgement taken back is told, when nobody knows whether it arrived', async () => {
    const rig = await createNotifierRig([HOOK], { webhook: [DELIVERED, BUSY, DELIVERED] });
    await rig.run('webhook');
    await rig.acknowledge();
    await rig.run('webhook');
    rig.advance(1000);
    await rig.unacknowledge();
    await rig.run('webhook');
    expect(rig.sent.map(({ intent }) => intent)).toEqual(['trigger', 'acknowledge', 'trigger']);
  });

  it('a resolve is told in chat, when nobody knows whether the opening arrived', async () => {
    const rig = await createNotifierRig([CHAT], { slack: [BUSY, DELIVERED] });
    await rig.run('slack');
    await rig.acknowledge();
    rig.advance(MINUTE);
    await rig.sweep();
    await rig.resolve();
    await rig.run('slack');
    expect(rig.sent.map(({ intent }) => intent)).toEqual(['trigger', 'resolve']);
  });
});
