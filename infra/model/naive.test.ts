import { describe, expect, it } from 'vitest';

import { claim, recordAttempt } from '#shared/notification/attempt.ts';
import { findChannel } from '#shared/notification/find-channel.ts';
import type { Delivery } from '#shared/notification/schema.ts';
import type { Commit, WorkStore } from '#shared/ports/work-store.ts';

import { type Cast, deliverPorts, type WorldPorts } from './cast.ts';
import { checkModel, describeModel, type Setting } from './check-model.ts';
import type { Invariant } from './invariant.ts';

const MAIL: Setting = {
  name: 'naive',
  limits: {
    steps: [['email']],
    people: [],
    events: 1,
    redeliveries: 0,
    refusals: 0,
    lostAnswers: 0,
    notifiers: 1,
    timers: 1,
  },
  crashesMax: 1,
};
const limited = (limits: Partial<Setting['limits']>): Setting => ({
  ...MAIL,
  limits: { ...MAIL.limits, ...limits },
});

/** The world's store with another way to commit. */
const withCommit = (
  ports: WorldPorts,
  commit: (asked: Commit, write: WorkStore['commit']) => Promise<void>,
): WorldPorts => {
  const write: WorkStore['commit'] = (asked) => ports.work.commit(asked);
  const work = new Proxy(ports.work, {
    get: (target, name) =>
      name === 'commit'
        ? (asked: Commit) => commit(asked, write)
        : (Reflect.get(target, name) as unknown),
  });
  return { ...ports, work };
};

/** A channel that is told what its rows say, without claim, second look or both. */
const tell = async (ports: WorldPorts, row: Delivery, at: number) => {
  const channel = await findChannel(deliverPorts(ports).channels, 't1', row.destination);
  const alert = await ports.work.getAlert('t1', row.alert_id);
  return ports.sender.send({
    intent: row.desired,
    alert: alert!,
    delivery: row,
    channel: channel!,
    link: '',
    at: new Date(at).toISOString(),
    idempotency_key: row.delivery_key,
  });
};
const owed = async (ports: WorldPorts, alertId: string, channel: string) =>
  (await ports.work.listDeliveries('t1', alertId)).filter(
    (row) => row.channel === channel && row.next_attempt_at !== undefined,
  );
const sentRow = (row: Delivery, at: number): Delivery => {
  const claimed = claim(row, 'n', row.desired, at);
  const outcome = { kind: 'delivered', receipt: 'ok' } as const;
  const attempt = { owner: 'n', intent: row.desired, triedBefore: undefined, outcome };
  const made = recordAttempt({ ...claimed, revision: row.revision }, attempt, at);
  if (made.kind !== 'sent') throw new Error('not sent');
  return made.row;
};
const put = (row: Delivery): Commit => ({
  changes: [{ kind: 'delivery', row, expected: row.revision - 1 }],
  journal: [],
  outbox: [],
});

interface Naive {
  name: string;
  breaks: Invariant;
  crashes?: number;
  setting?: Setting;
  recast: (cast: Cast) => Partial<Cast>;
}

const NAIVE: Naive[] = [
  {
    name: 'an alert id of its own for each try, and no fence',
    breaks: 'one alert per group',
    setting: limited({ redeliveries: 1 }),
    recast: ({ detect }) => ({
      detect: (ports, ctx, record) => {
        const forgetful = withCommit(ports, (asked, write) => {
          // Chance stands for chance: what the store holds already is certainly another id.
          const changes = asked.changes.map((change) =>
            change.kind === 'alert' && change.expected === 0
              ? { ...change, row: { ...change.row, alert_id: 'random' } }
              : change,
          );
          return write({ ...asked, changes });
        });
        return detect(forgetful, ctx, record);
      },
    }),
  },
  {
    name: 'put, and then PutEvents without an outbox',
    breaks: 'journal entry and outbox row for each change',
    recast: ({ detect }) => ({
      detect: (ports, ctx, record) => {
        const loud = withCommit(ports, async (asked, write) => {
          await write({ ...asked, outbox: [] });
          await ports.bus.publish(asked.outbox.map(({ envelope }) => envelope));
        });
        return detect(loud, ctx, record);
      },
    }),
  },
  {
    name: 'a checkpoint before the commit',
    breaks: 'no lost alert',
    crashes: 1,
    recast: () => ({ checkpoint: 'before' }),
  },
  {
    name: 'no sweep',
    breaks: 'no lost notification',
    crashes: 1,
    recast: () => ({ sweeps: false }),
  },
  {
    name: 'a message without a lease',
    breaks: 'sends ≤ 1 + crashes + lost answers',
    setting: limited({ notifiers: 2 }),
    recast: () => ({
      notify: async (ports, ctx, { alert_id, channel }) => {
        for (const row of await owed(ports, alert_id, channel)) {
          await tell(ports, row, ctx.now());
          await ports.work.commit(put(sentRow(row, ctx.now()))).catch(() => undefined);
        }
      },
    }),
  },
  {
    name: 'a record before the message',
    breaks: 'no lost notification',
    crashes: 1,
    recast: () => ({
      notify: async (ports, ctx, { alert_id, channel }) => {
        for (const row of await owed(ports, alert_id, channel)) {
          await ports.work.commit(put(sentRow(row, ctx.now())));
          await tell(ports, row, ctx.now());
        }
      },
    }),
  },
  {
    name: 'a message that asks nobody whether it was sent',
    breaks: 'sends ≤ 1 + crashes + lost answers',
    setting: limited({ steps: [['email'], ['email']] }),
    recast: () => ({
      notify: async (ports, ctx, { alert_id, channel }) => {
        const rows = await ports.work.listDeliveries('t1', alert_id);
        for (const row of rows.filter((one) => one.channel === channel)) {
          await tell(ports, row, ctx.now());
          if (row.next_attempt_at === undefined) continue;
          await ports.work.commit(put(sentRow(row, ctx.now()))).catch(() => undefined);
        }
      },
    }),
  },
  {
    name: 'a message of which only the row was looked at',
    breaks: 'no page decided after an ack',
    setting: limited({ people: ['ack'] }),
    recast: () => ({
      notify: async (ports, ctx, { alert_id, channel }) => {
        for (const row of await owed(ports, alert_id, channel)) {
          const claimed = claim(row, 'n', row.desired, ctx.now());
          await ports.work.commit(put(claimed)).catch(() => undefined);
          await tell(ports, row, ctx.now());
        }
      },
    }),
  },
  {
    name: 'an ack that deletes its timers in a second commit',
    breaks: 'no timer outlives its alert being OPEN',
    setting: limited({ steps: [['email'], ['webhook']], people: ['ack'] }),
    recast: ({ acknowledge }) => ({
      acknowledge: (ports, ctx, alertId) => {
        const late = withCommit(ports, async (asked, write) => {
          const isTimer = ({ kind }: Commit['changes'][number]) => kind === 'timer.delete';
          await write({ ...asked, changes: asked.changes.filter((one) => !isTimer(one)) });
          await write({ changes: asked.changes.filter(isTimer), journal: [], outbox: [] });
        });
        return acknowledge(late, ctx, alertId);
      },
    }),
  },
  {
    name: 'an ack that leaves its deliveries as they are',
    breaks: 'no lost notification',
    setting: limited({ steps: [['pagerduty']], people: ['ack'] }),
    recast: ({ acknowledge }) => ({
      acknowledge: (ports, ctx, alertId) => {
        const deaf = withCommit(ports, (asked, write) =>
          write({ ...asked, changes: asked.changes.filter(({ kind }) => kind !== 'delivery') }),
        );
        return acknowledge(deaf, ctx, alertId);
      },
    }),
  },
  {
    name: 'a late ack that asks for no revision',
    breaks: 'no state goes backwards',
    setting: limited({ people: ['ack', 'resolve'] }),
    recast: () => ({ unconditional: ['ack'] }),
  },
  {
    name: 'an escalation that asks for neither state nor level',
    breaks: 'no state goes backwards',
    setting: limited({ steps: [['email'], ['webhook']], people: ['ack'] }),
    recast: () => ({ unconditional: ['timer'] }),
  },
  {
    name: 'an event that is counted whether it was before or not',
    breaks: 'each event counted once',
    setting: limited({ redeliveries: 1 }),
    recast: ({ detect }) => ({
      detect: (ports, ctx, record) => {
        const work = new Proxy(ports.work, {
          get: (target, name) =>
            name === 'getSeen' || name === 'getSeries'
              ? async (...args: [never, never]) => {
                  const rows = await (target[name](...args) as Promise<unknown[]>);
                  return rows.map((row) => row && { ...row, fence: {}, ids: new Uint8Array() });
                }
              : (Reflect.get(target, name) as unknown),
        });
        return detect({ ...ports, work }, ctx, record);
      },
    }),
  },
];

describe('the model breaks', () => {
  it.each(NAIVE)('with $name: $breaks', async ({ breaks, crashes = 0, setting = MAIL, recast }) => {
    const report = await checkModel({
      crashes,
      settings: [setting],
      recast: (cast) => ({ ...cast, ...recast(cast) }),
    });
    console.log(describeModel(report));
    const broken = Object.entries(report.invariants).filter(([, found]) => found !== 'holds');
    expect(broken.map(([invariant]) => invariant)).toEqual([breaks]);
  });
});
