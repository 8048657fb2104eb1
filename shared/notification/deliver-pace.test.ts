import { describe, expect, it } from 'vitest';

import { createCrash, gated } from '#shared/testing/gate.ts';
import { buildAlert, buildDelivery } from '#shared/testing/build-alert.ts';
import { type Answers, CHAT, createNotifierRig, MAIL, PAGE } from '#shared/testing/notifier-rig.ts';
import type { Alert } from '#shared/alert/schema.ts';
import { acknowledge } from '#shared/alert/acknowledge.ts';
import { resolve } from '#shared/alert/resolve.ts';

import { deliver } from './deliver.ts';
import type { Delivery } from './schema.ts';

const id = (n: number) =>
  `storm${'abcdefghij'[Math.floor(n / 10)]}${'abcdefghij'[n % 10]}`.padEnd(26, 'x');

/** `count` further alerts at once, each owing one message, and every way to look at what becomes of them. */
async function storm(
  count: number,
  to: Partial<Delivery>,
  fields: Partial<Alert> = {},
  answers: Answers = {},
) {
  const rig = await createNotifierRig([], answers);
  const ids = Array.from({ length: count }, (_, n) => id(n));
  for (const alert_id of ids) {
    const key = `${alert_id}|1|${to.destination}`;
    const row = buildDelivery({ ...to, alert_id, delivery_key: key });
    const alert = buildAlert({ alert_id, group_key: alert_id, ...fields });
    await rig.work.commit({
      changes: [
        { kind: 'alert', row: alert, expected: 0 },
        { kind: 'delivery', row, expected: 0 },
      ],
      journal: [],
      outbox: [],
    });
  }
  const channel = to.channel!;
  const rows = () => [...rig.tables.deliveries.values()].map(({ row }) => row);
  return {
    ...rig,
    ids,
    rows,
    wake: async () => {
      const reports = [];
      for (const alert_id of ids)
        reports.push(await deliver(rig.ctx, rig.ports, { alert_id, channel }));
      return reports;
    },
    wakeAtOnce: () =>
      Promise.all(ids.map((alert_id) => deliver(rig.ctx, rig.ports, { alert_id, channel }))),
    unsent: () => rows().filter(({ status }) => status !== 'SENT').length,
    told: () =>
      rig.sent.map(({ alert, more = [] }) => [alert, ...more.map((one) => one.alert)].length),
  };
}

describe('more messages than a receiver takes', () => {
  it('wait their turn without counting as attempts or failures, and all arrive', async () => {
    const rig = await storm(30, PAGE);
    await rig.wake();
    expect(rig.sent).toHaveLength(10);
    const waiting = rig.rows().filter(({ put_off }) => put_off !== undefined);
    expect(waiting).toHaveLength(20);
    for (const row of waiting) {
      expect(row).toMatchObject({ status: 'QUEUED', attempts: 0, put_off: 1 });
      expect([row.tried, row.last_error, row.lease_owner]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    }
    expect(rig.hints).toHaveLength(20);
    for (let minute = 0; minute < 3; minute++) {
      rig.advance(60_000);
      await rig.sweep();
    }
    expect([rig.unsent(), rig.sent.length]).toEqual([0, 30]);
    expect(rig.actions()).toEqual(Array.from({ length: 30 }, () => 'notification.sent'));
    const [hour] = await rig.states.hours('t1', 'pagerduty-primary', 1);
    expect(hour?.counts).toMatchObject({ sent: 30 });
    expect(hour?.counts.put_off).toBeGreaterThanOrEqual(20);
  });

  it.each([PAGE, CHAT, MAIL])(
    'asked for by many notifiers at once, $channel keeps to its pace',
    async (to) => {
      const rig = await storm(40, to);
      await rig.wakeAtOnce();
      expect(rig.sent.length).toBeGreaterThan(0);
      expect(rig.sent.length).toBeLessThanOrEqual(10);
      for (let minute = 0; minute < 10; minute++) {
        rig.advance(60_000);
        await rig.sweep();
      }
      expect(rig.unsent()).toBe(0);
      expect(rig.told().reduce((sum, count) => sum + count, 0)).toBe(40);
    },
  );

  it('CRITICAL goes while the others wait', async () => {
    const rig = await storm(30, PAGE);
    await rig.wake();
    const alert = buildAlert({ alert_id: 'critical', group_key: 'c', severity: 'CRITICAL' });
    const row = buildDelivery({ ...PAGE, alert_id: 'critical', delivery_key: 'critical|1|x' });
    const changes = [
      { kind: 'alert', row: alert, expected: 0 },
      { kind: 'delivery', row, expected: 0 },
    ] as const;
    await rig.work.commit({ changes, journal: [], outbox: [] });
    const target = { alert_id: 'critical', channel: 'pagerduty' } as const;
    expect(await deliver(rig.ctx, rig.ports, target)).toMatchObject([{ kind: 'sent' }]);
  });

  it.each([
    ['chat', CHAT],
    ['mail', MAIL],
  ])('%s: go together in one message, each with its receipt', async (_name, to) => {
    const rig = await storm(30, to);
    await rig.wake();
    const first = rig.sent.length;
    expect(first).toBeLessThan(5);
    rig.advance(60_000);
    await rig.sweep();
    expect(rig.unsent()).toBe(0);
    expect(rig.told().reduce((sum, count) => sum + count, 0)).toBe(30);
    expect(rig.sent.length).toBeLessThanOrEqual(first + 2);
    const digest = rig.sent.find(({ more }) => more !== undefined)!;
    const receipt = `ok, in a digest of ${digest.more!.length + 1}`;
    const named = [digest.alert, ...digest.more!.map((one) => one.alert)];
    for (const { alert_id } of named)
      expect(rig.rows().find((row) => row.alert_id === alert_id)).toMatchObject({
        status: 'SENT',
        sent: 'trigger',
        receipt,
      });
  });

  it('CRITICAL is never a line in a digest', async () => {
    const rig = await storm(20, CHAT, { severity: 'CRITICAL' });
    await rig.wake();
    for (let minute = 0; minute < 30; minute++) {
      rig.advance(60_000);
      await rig.sweep();
    }
    expect(rig.unsent()).toBe(0);
    expect(rig.told()).toEqual(Array.from({ length: 20 }, () => 1));
  });

  it('a hundred resolves go together too, apart from what opens', async () => {
    const rig = await storm(30, CHAT);
    await rig.wake();
    rig.advance(60_000);
    await rig.sweep();
    const before = rig.sent.length;
    for (const alert_id of rig.ids) await resolve({ work: rig.work }, rig.ctx, alert_id);
    await rig.wake();
    rig.advance(60_000);
    await rig.sweep();
    expect(rig.unsent()).toBe(0);
    const said = rig.sent.slice(before);
    expect(said.every(({ intent }) => intent === 'resolve')).toBe(true);
    expect(said.length).toBeLessThanOrEqual(5);
    const named = said.flatMap(({ alert, more = [] }) => [alert, ...more.map((one) => one.alert)]);
    expect(new Set(named.map(({ alert_id }) => alert_id)).size).toBe(30);
    expect(named).toHaveLength(30);
    for (const row of rig.rows()) expect(row.sent).toBe('resolve');
  });

  it('what was acknowledged while it waited is told to nobody', async () => {
    const rig = await storm(10, CHAT);
    await rig.wake();
    const waiting = rig.rows().filter(({ status }) => status !== 'SENT');
    const { alert_id } = waiting[3]!;
    await acknowledge({ work: rig.work }, rig.ctx, alert_id);
    rig.advance(60_000);
    await rig.sweep();
    const named = rig.sent.flatMap(({ alert, more = [] }) => [
      alert,
      ...more.map((one) => one.alert),
    ]);
    expect(named.map((alert) => alert.alert_id)).not.toContain(alert_id);
    expect(named).toHaveLength(9);
    expect(rig.rows().find((row) => row.alert_id === alert_id)?.next_attempt_at).toBeUndefined();
  });

  it('a digest that the receiver refuses for now is tried again, nobody in it is lost', async () => {
    const busy = { kind: 'retryable', error: 'HTTP 503', may_have_arrived: false } as const;
    const ok = { kind: 'delivered', receipt: 'ok' } as const;
    const rig = await storm(12, CHAT, {}, { slack: [ok, ok, busy, ok] });
    await rig.wake();
    rig.advance(60_000);
    await rig.sweep();
    expect(rig.unsent()).toBeGreaterThan(0);
    for (let minute = 0; minute < 3; minute++) {
      rig.advance(60_000);
      await rig.sweep();
    }
    expect(rig.unsent()).toBe(0);
  });

  it('a digest whose outcome nobody recorded goes once more, when its leases have run out', async () => {
    const rig = await storm(12, CHAT);
    await rig.wake();
    rig.advance(60_000);
    const { work } = rig.ports;
    const dying = { ...rig.ports, work: { ...work } };
    dying.sender = {
      send: (notice) => {
        dying.work.commit = () => Promise.reject(new Error('killed'));
        return rig.ports.sender.send(notice);
      },
    };
    const row = rig.rows().find(({ status }) => status !== 'SENT')!;
    const target = { alert_id: row.alert_id, channel: 'slack' } as const;
    await expect(deliver(rig.ctx, dying, target)).rejects.toThrow('killed');
    const before = rig.sent.length;
    rig.advance(120_000);
    await rig.sweep();
    rig.advance(60_000);
    await rig.sweep();
    expect(rig.unsent()).toBe(0);
    const again = rig.sent
      .slice(before)
      .flatMap(({ alert, more = [] }) => [alert, ...more.map((one) => one.alert)]);
    expect(new Set(again.map((alert) => alert.alert_id)).size).toBe(again.length);
  });

  it('a notifier that dies at any await of a digest loses nobody and tells nobody a third time', async () => {
    const deaths: string[] = [];
    for (let index = 0; ; index++) {
      const rig = await storm(6, CHAT);
      await rig.wake();
      rig.advance(60_000);
      const crash = createCrash(index);
      const { work, states, sender, timers, channels } = rig.ports;
      const dying = {
        ...rig.ports,
        work: gated(work, crash.gate, 'work'),
        states: gated(states, crash.gate, 'states'),
        sender: gated(sender, crash.gate, 'sender'),
        timers: gated(timers, crash.gate, 'timers'),
        channels: gated(channels, crash.gate, 'channels'),
      };
      const target = { alert_id: rig.ids[2]!, channel: 'slack' } as const;
      const finished = deliver(rig.ctx, dying, target).then(() => undefined);
      const where = await Promise.race([finished, crash.died]);
      if (where === undefined) break;
      deaths.push(where);
      for (let minute = 0; minute < 4; minute++) {
        rig.advance(61_000);
        await rig.sweep();
      }
      expect(rig.unsent(), where).toBe(0);
      const named = rig.sent.flatMap(({ alert, more = [] }) => [
        alert,
        ...more.map((one) => one.alert),
      ]);
      const times = Map.groupBy(named, ({ alert_id }) => alert_id);
      expect(times.size, where).toBe(6);
      for (const told of times.values()) expect(told.length, where).toBeLessThanOrEqual(2);
    }
    expect(deaths).toContain('after sender.send');
    expect(deaths.length).toBeGreaterThan(30);
  });

  it('a pace that cannot be read holds no message back, and says so', async () => {
    const rig = await storm(1, PAGE);
    rig.ports.states = { ...rig.states, get: () => Promise.reject(new Error('away')) };
    const [[report] = []] = await rig.wake();
    expect(report?.kind).toBe('sent');
    expect(report?.health_error).toBeInstanceOf(Error);
  });

  it('webhooks are told without delay: they say themselves when it is too much', async () => {
    const rig = await storm(50, { channel: 'webhook', destination: 'webhook-audit' });
    await rig.wake();
    expect(rig.sent).toHaveLength(50);
  });
});
