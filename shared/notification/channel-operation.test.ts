import { describe, expect, it } from 'vitest';

import { createMemoryDeadDeliveryStore } from '#shared/adapters/memory/memory-dead-delivery-store.ts';
import { CHAT, createNotifierRig, MAIL, PAGE, RIG_ALERT } from '#shared/testing/notifier-rig.ts';
import { putChannel } from '#shared/testing/put-channel.ts';

import { healthOf } from './health.ts';
import { redrive, redriveChannel } from './redrive.ts';
import type { ChannelConfig } from './schema.ts';
import { runTest } from './run-test.ts';

const DELIVERED = { kind: 'delivered', receipt: 'ok' } as const;
const BUSY = { kind: 'retryable', error: 'HTTP 503', may_have_arrived: true } as const;
const BROKEN = { kind: 'permanent', error: 'HTTP 404' } as const;
const HOUR = 3_600_000;

describe('the health of a channel', () => {
  it('counts what became of each attempt, under its own channel', async () => {
    const rig = await createNotifierRig([PAGE, CHAT, MAIL], {
      pagerduty: [BROKEN],
      slack: [BUSY, DELIVERED],
    });
    for (const channel of ['pagerduty', 'slack', 'email'] as const) await rig.run(channel);
    rig.advance(10_000);
    await rig.sweep();
    const health = async (id: string) =>
      healthOf(await rig.states.hours('t1', id, 48), rig.ctx.now());
    expect(await health('pagerduty-primary')).toMatchObject({
      state: 'broken',
      last_failure: { reason: 'HTTP 404' },
    });
    // The second that was sent is the alert about the broken channel.
    expect(await health('slack-ops')).toMatchObject({ state: 'ok', sent: 2, failed: 1 });
    expect(await health('email-ops')).toMatchObject({ state: 'ok', success_rate: 1 });
  });

  it('that cannot be written keeps no message from going, and is reported', async () => {
    const rig = await createNotifierRig([PAGE]);
    rig.ports.states = { ...rig.states, count: () => Promise.reject(new Error('away')) };
    const [report] = await rig.run('pagerduty');
    expect(report?.kind).toBe('sent');
    expect(report?.health_error).toBeInstanceOf(Error);
    expect((await rig.row()).status).toBe('SENT');
  });
});

describe('a redriven delivery', () => {
  it('is sent with the key it had, and gets its 24 hours anew', async () => {
    const rig = await createNotifierRig([PAGE], { pagerduty: [BROKEN, BUSY] });
    await rig.run('pagerduty');
    rig.advance(30 * HOUR);
    const { delivery_key } = await rig.row();
    await redrive(rig, rig.ctx, delivery_key);
    await rig.sweep();
    expect((await rig.row()).status).toBe('RETRYING');
    rig.advance(23 * HOUR);
    await rig.sweep();
    expect((await rig.row()).status).toBe('RETRYING');
    rig.advance(HOUR);
    await rig.sweep();
    expect((await rig.row()).status).toBe('DEAD');
    const keys = rig.sent.filter(({ delivery }) => delivery.delivery_key === delivery_key);
    expect(keys).toHaveLength(4);
    expect(new Set(keys.map(({ idempotency_key }) => idempotency_key)).size).toBe(1);
  });

  it('of an alert that was resolved meanwhile is settled, not sent', async () => {
    const rig = await createNotifierRig([PAGE], { pagerduty: [BROKEN, DELIVERED] });
    await rig.run('pagerduty');
    await rig.resolve();
    const dead = createMemoryDeadDeliveryStore(rig.tables, () => rig.ctx.now());
    await redriveChannel({ work: rig.work, dead }, rig.ctx, PAGE.destination);
    await rig.sweep();
    const own = rig.sent.filter(({ alert }) => alert.alert_id === RIG_ALERT);
    expect(own.filter(({ delivery }) => delivery.channel === 'pagerduty')).toHaveLength(1);
    expect((await rig.row()).status).toBe('CONFIRMED');
  });
});

describe('secondary channels in a ring', () => {
  it('are each tried once a step, and then it ends', async () => {
    const rig = await createNotifierRig([PAGE], { pagerduty: [BROKEN], email: [BROKEN] });
    const mail: ChannelConfig = {
      channel_id: 'email-ops',
      channel: 'email',
      name: 'Mail',
      enabled: true,
      secondary: 'pagerduty-primary',
    };
    await putChannel(rig.channels, 't1', mail);
    for (let round = 0; round < 6; round++)
      for (const channel of ['pagerduty', 'email'] as const) await rig.run(channel);
    rig.advance(HOUR);
    await rig.sweep();
    const own = rig.sent.filter(({ alert }) => alert.rule_id === 'cpu-high');
    expect(own.map(({ delivery }) => delivery.destination)).toEqual([
      'pagerduty-primary',
      'email-ops',
    ]);
    const broken = [...rig.tables.alerts.values()].filter(
      ({ row }) => row.rule_id === 'sentry-notifier-broken',
    );
    expect(new Set(broken.map(({ row }) => row.group['channel']))).toEqual(
      new Set(['email-ops', 'pagerduty-primary']),
    );
    expect(broken).toHaveLength(2);
  });
});

describe('a test in PagerDuty', () => {
  it('leaves no incident open', async () => {
    const rig = await createNotifierRig([]);
    const test = { tenant: 't1', test_id: 'x', channel_id: 'pagerduty-primary' };
    const asked = { value: {}, expected: 0, expiresAt: rig.ctx.now() + HOUR };
    await rig.states.put('t1', 'pagerduty-primary', 'test-x', asked);
    const wake = { ...test, correlation_id: 'c' };
    expect(await runTest(rig.ctx, rig.ports, wake)).toMatchObject({ state: 'sent' });
    expect(rig.sent.map(({ intent, alert }) => `${intent} ${alert.alert_id}`)).toEqual([
      'trigger test-x',
      'resolve test-x',
    ]);
  });

  it('that is asked for by nobody sends nothing', async () => {
    const rig = await createNotifierRig([]);
    const wake = { tenant: 't1', test_id: 'y', channel_id: 'slack-ops', correlation_id: 'c' };
    expect(await runTest(rig.ctx, rig.ports, wake)).toBeUndefined();
    expect(rig.sent).toEqual([]);
  });
});
