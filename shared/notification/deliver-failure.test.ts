import { describe, expect, it } from 'vitest';

import { deliver } from '#shared/notification/deliver.ts';
import { redrive } from '#shared/notification/redrive.ts';
import { CHAT, createNotifierRig, MAIL, PAGE, RIG_ALERT } from '#shared/testing/notifier-rig.ts';
import { putChannel } from '#shared/testing/put-channel.ts';

const DELIVERED = { kind: 'delivered', receipt: 'ok' } as const;
const BUSY = { kind: 'retryable', error: 'HTTP 503', may_have_arrived: true } as const;
const LIMITED = { kind: 'retryable', error: 'HTTP 429', may_have_arrived: false } as const;
const BROKEN = { kind: 'permanent', error: 'HTTP 404' } as const;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('a message that does not get through', () => {
  it('a failure waits and says when; the sweep then delivers it', async () => {
    const rig = await createNotifierRig([PAGE], { pagerduty: [BUSY, DELIVERED] });
    const [report] = await rig.run('pagerduty');
    expect(report).toMatchObject({ kind: 'retry', reason: 'HTTP 503' });
    expect(await rig.row()).toMatchObject({ status: 'RETRYING', last_error: 'HTTP 503' });
    expect(rig.hints).toHaveLength(1);
    await rig.run('pagerduty');
    expect(rig.sent).toHaveLength(1);
    rig.advance(2000);
    await rig.sweep();
    expect(rig.sent).toHaveLength(2);
    expect(new Set(rig.sent.map(({ idempotency_key }) => idempotency_key)).size).toBe(1);
    expect(await rig.row()).toMatchObject({ status: 'SENT', attempts: 2 });
  });

  it('a lost hint is reported and costs nothing but the time to the next sweep', async () => {
    const rig = await createNotifierRig([PAGE], { pagerduty: [BUSY, DELIVERED] });
    rig.ports.timers = { hint: () => Promise.reject(new Error('queue away')) };
    const [report] = await rig.run('pagerduty');
    expect(report?.hint_error).toBeInstanceOf(Error);
    rig.advance(MINUTE);
    await rig.sweep();
    expect((await rig.row()).status).toBe('SENT');
  });

  it('a 429 from Slack delays Slack alone', async () => {
    const limited = { ...LIMITED, retry_after_ms: HOUR };
    const rig = await createNotifierRig([CHAT, PAGE], { slack: [limited, DELIVERED] });
    await rig.run('slack');
    await rig.run('pagerduty');
    expect((await rig.row()).status).toBe('SENT');
    rig.advance(HOUR - 1);
    await rig.sweep();
    expect(rig.sent.filter(({ delivery }) => delivery.channel === 'slack')).toHaveLength(1);
    rig.advance(MINUTE * 2);
    await rig.sweep();
    expect((await rig.row('slack-ops')).status).toBe('SENT');
  });

  it('a permanent refusal goes to the secondary channel at once, and only once', async () => {
    const rig = await createNotifierRig([PAGE], { pagerduty: [BROKEN] });
    await rig.run('pagerduty');
    expect(await rig.row()).toMatchObject({ status: 'DEAD', last_error: 'HTTP 404' });
    const told = [...rig.tables.outbox.values()].map(({ envelope }) => envelope);
    expect(told).toMatchObject([
      { type: 'delivery.dead', payload: { channels: ['email'] } },
      { type: 'alert.opened' },
    ]);
    await rig.run('email');
    await rig.run('pagerduty');
    await rig.run('email');
    expect(rig.sent.map(({ delivery }) => delivery.destination)).toEqual([
      'pagerduty-primary',
      'email-ops',
    ]);
    expect(rig.actions()).toEqual(['notification.dead', 'alert.open', 'notification.sent']);
  });

  it('a broken channel opens one alert about itself, however many messages die', async () => {
    const rig = await createNotifierRig([PAGE, { ...PAGE, step: 2 }], { pagerduty: [BROKEN] });
    await rig.run('pagerduty');
    const alerts = [...rig.tables.alerts.values()].map(({ row }) => row);
    const broken = alerts.filter(({ rule_id }) => rule_id === 'sentry-notifier-broken');
    expect(broken).toMatchObject([
      {
        state: 'OPEN',
        service: 'sentry',
        group: { channel: 'pagerduty-primary' },
        title: 'Notification channel pagerduty-primary is broken: HTTP 404',
      },
    ]);
    // It pages through the broken channel in vain, and that opens no further one.
    const { alert_id } = broken[0]!;
    for (const channel of ['pagerduty', 'slack', 'email'] as const)
      await deliver(rig.ctx, rig.ports, { alert_id, channel });
    expect(rig.tables.alerts.size).toBe(2);
    const told = rig.sent.filter(({ alert }) => alert.alert_id === alert_id);
    expect(told.map(({ delivery }) => delivery.channel)).toEqual(['pagerduty', 'slack', 'email']);
  });

  it('the alert about a broken channel ends when what died there is delivered', async () => {
    const rig = await createNotifierRig([PAGE, { ...PAGE, step: 2 }], {
      pagerduty: [BROKEN, BROKEN, DELIVERED],
    });
    await rig.run('pagerduty');
    const broken = () =>
      [...rig.tables.alerts.values()].find(({ row }) => row.rule_id === 'sentry-notifier-broken');
    expect(broken()?.row.state).toBe('OPEN');
    const { delivery_key } = await rig.row();
    const ctx = { ...rig.ctx, scopes: new Set(['sentry.alert.write'] as const) };
    await redrive(rig.ports, ctx, delivery_key);
    await rig.run('pagerduty');
    expect(broken()?.row).toMatchObject({ state: 'RESOLVED', resolved_by: 'system:detector' });
    expect(rig.actions().slice(-2)).toEqual(['notification.sent', 'alert.resolve']);
  });

  it('a secondary that is told in this step anyway is not told twice', async () => {
    const rig = await createNotifierRig([PAGE, MAIL], { pagerduty: [BROKEN] });
    await rig.run('pagerduty');
    await rig.run('email');
    await rig.run('email');
    expect(rig.sent.filter(({ delivery }) => delivery.channel === 'email')).toHaveLength(1);
  });

  it('retries end 24 h after the message was wanted, and the secondary takes over', async () => {
    const rig = await createNotifierRig([PAGE], { pagerduty: [BUSY] });
    for (let hours = 0; hours < 25; hours++) {
      rig.advance(HOUR);
      await rig.sweep();
    }
    expect((await rig.row()).status).toBe('DEAD');
    expect((await rig.row('email-ops')).status).toBe('SENT');
    const paged = rig.sent.filter(({ delivery }) => delivery.destination === PAGE.destination);
    expect(paged.filter(({ alert }) => alert.alert_id === RIG_ALERT)).toHaveLength(24);
    // Then the alert about the channel goes its own way.
    expect(rig.actions().slice(0, 4)).toEqual([
      'notification.failed',
      'notification.dead',
      'alert.open',
      'notification.sent',
    ]);
  });

  it('after 30 h without bus, what was never tried is still sent', async () => {
    const rig = await createNotifierRig([PAGE]);
    rig.advance(30 * HOUR);
    await rig.sweep();
    expect((await rig.row()).status).toBe('SENT');
  });

  it('a channel that is switched off or unknown is a reason, not a crash', async () => {
    const rig = await createNotifierRig([CHAT, { ...PAGE, destination: 'gone' }]);
    const off = { channel_id: 'slack-ops', channel: 'slack', enabled: false };
    await putChannel(rig.channels, 't1', off);
    await rig.run('slack');
    await rig.run('pagerduty');
    expect(rig.sent).toEqual([]);
    expect((await rig.row('slack-ops')).receipt).toBe('not needed: the channel is switched off');
    expect(await rig.row('gone')).toMatchObject({
      status: 'DEAD',
      last_error: 'there is no channel gone',
    });
  });

  it('a sender that throws is a failed attempt, not a lost one', async () => {
    const rig = await createNotifierRig([PAGE]);
    rig.ports.sender = { send: () => Promise.reject(new TypeError('bug')) };
    await rig.run('pagerduty');
    expect(await rig.row()).toMatchObject({ status: 'RETRYING', last_error: 'the sender failed' });
  });

  it('a destination’s failure to be recorded does not keep its neighbour from being told', async () => {
    const rig = await createNotifierRig([PAGE, { ...PAGE, destination: 'pagerduty-second' }]);
    await putChannel(rig.channels, 't1', {
      channel_id: 'pagerduty-second',
      channel: 'pagerduty',
      name: 'x',
      enabled: true,
    });
    const { work } = rig.ports;
    rig.ports.work = {
      ...work,
      commit: (commit) =>
        commit.changes.some(
          ({ row }) => 'destination' in row && row.destination === PAGE.destination,
        )
          ? Promise.reject(new Error('store away'))
          : work.commit(commit),
    };
    await expect(rig.run('pagerduty')).rejects.toThrow('store away');
    expect((await rig.row('pagerduty-second')).status).toBe('SENT');
  });
});
