import { beforeEach, describe, expect, it } from 'vitest';

import { createMemoryJournalStore } from '#shared/adapters/memory/memory-journal-store.ts';
import { createMemoryTables, type MemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryTimerHint } from '#shared/adapters/memory/memory-timer-hint.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import { acknowledge } from '#shared/alert/acknowledge.ts';
import { openAlert } from '#shared/alert/open-alert.ts';
import { resolve } from '#shared/alert/resolve.ts';
import { timeline } from '#shared/alert/timeline.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';
import { NO_RESPONSE, type ResponseRules } from '#shared/response/rules.ts';
import { BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildFinding, buildPolicy } from '#shared/testing/build-finding.ts';
import { buildSchedule } from '#shared/testing/build-schedule.ts';

import type { EscalationPolicy } from './schema.ts';
import { takeTimer, type TimerPorts } from './take-timer.ts';

const MINUTE = 60_000;
const clock = { now: 0 };
const rosa = buildContext(clock);
const sam = buildContext(clock, { actor: 'user:sam' });
const system = buildContext(clock, { actor: 'system:escalate', scopes: new Set() });
const step = (delay_minutes: number, destination: string) => ({
  delay_minutes,
  targets: [{ channel: 'webhook' as const, destination }],
});
const THREE = { steps: [step(0, 'one'), step(5, 'two'), step(10, 'three')] };

let tables: MemoryTables;
let work: WorkStore;
let hints: ReturnType<typeof createMemoryTimerHint>;
let rules: ResponseRules;
let ports: TimerPorts;
let id: string;

/** A fresh store with one alert opened under a policy. */
async function open(fields: Partial<EscalationPolicy> = THREE, schedules = [buildSchedule()]) {
  clock.now = Date.parse(BUILT_AT);
  tables = createMemoryTables();
  work = createMemoryWorkStore(tables, () => clock.now);
  hints = createMemoryTimerHint();
  rules = { ...NO_RESPONSE, policies: [buildPolicy(fields)], schedules };
  ports = { work, response: async () => rules, timers: hints.timers };
  const { commit, alert } = openAlert(undefined, buildFinding(), rules, system);
  await work.commit(commit);
  id = alert.alert_id;
}
beforeEach(() => open());

const alert = async () => (await work.getAlert('t1', id))!;
const escalate = (level: number, with_: TimerPorts = ports) =>
  takeTimer(system, with_, { alert_id: id, kind: 'escalate', step: level });
const endAck = () => takeTimer(system, ports, { alert_id: id, kind: 'ack_timeout', step: 0 });
const told = async () =>
  (await work.listDeliveries('t1', id)).map(({ step: n, destination }) => `${n} ${destination}`);
const pending = async () =>
  (await work.listTimers('t1', id)).map(
    ({ kind, step: n, due_at }) => `${kind} ${n} ${(Date.parse(due_at) - clock.now) / MINUTE}`,
  );
const said = async () =>
  (
    await timeline({ work, journal: createMemoryJournalStore(tables, () => clock.now) }, rosa, id, {
      limit: 50,
    })
  ).items.map(({ entry }) => entry);
/** A store in which something else happens just before the next commit. */
function overtakenBy(before: () => Promise<unknown>, times = 1): WorkStore {
  let left = times;
  return {
    ...work,
    async commit(commit) {
      if (left-- > 0) await before();
      await work.commit(commit);
    },
  };
}

describe('an escalation nobody answers', () => {
  it('tells each step once, in order, and then ends', async () => {
    expect(await pending()).toEqual(['escalate 2 5']);
    expect(await alert()).toMatchObject({
      escalation_level: 1,
      next_escalation_at: '2026-03-01T12:05:00.000Z',
    });
    clock.now += 5 * MINUTE;
    expect(await escalate(2)).toEqual({ kind: 'taken' });
    expect(await pending()).toEqual(['escalate 3 10']);
    clock.now += 10 * MINUTE;
    await escalate(3);
    expect(await told()).toEqual(['1 one', '2 two', '3 three']);
    expect(await pending()).toEqual([]);
    const { next_escalation_at, escalation_level, version } = await alert();
    expect([next_escalation_at, escalation_level, version]).toEqual([undefined, 3, 1]);
    expect(await said()).toEqual([
      'Opened with severity ERROR',
      'Escalated to level 2',
      'Escalated to level 3',
    ]);
  });

  it('wakes the channels of the step, and records why in the journal', async () => {
    clock.now += 5 * MINUTE;
    await escalate(2);
    const [envelope] = [...tables.outbox.values()].map((row) => row.envelope).slice(-1);
    expect(envelope).toMatchObject({ type: 'alert.escalated', payload: { channels: ['webhook'] } });
    const entry = [...tables.journal.values()].find(({ row }) => row.action === 'alert.escalate');
    expect(entry?.row.after).toEqual({
      escalation_level: 2,
      trace: [
        { step: 'policy', outcome: 'followed', id: 'default', version: 1 },
        { step: 'escalation_step', outcome: 'told', id: `${id}|2|two`, detail: 'webhook two' },
      ],
    });
  });

  it('asleep for an hour takes one step and counts the next delay from then', async () => {
    clock.now += 60 * MINUTE;
    await escalate(2);
    expect(await escalate(3)).toEqual({ kind: 'early' });
    expect(await told()).toEqual(['1 one', '2 two']);
    expect(await pending()).toEqual(['escalate 3 10']);
  });

  it('is repeated with deliveries of its own', async () => {
    await open({ ...THREE, repeat: 1 });
    for (let level = 2; level <= 6; level++) {
      clock.now = Date.parse((await work.listTimers('t1', id))[0]!.due_at);
      await escalate(level);
    }
    expect(await told()).toEqual(['1 one', '2 two', '3 three', '4 one', '5 two', '6 three']);
    expect(await pending()).toEqual([]);
  });

  it('pages whoever has the duty by then: the hand-over between two steps counts', async () => {
    const onCall = [{ channel: 'schedule' as const, destination: 'payments' }];
    await open({
      steps: [
        { delay_minutes: 0, targets: onCall },
        { delay_minutes: 21 * 60, targets: onCall },
      ],
    });
    clock.now += 21 * 60 * MINUTE;
    await escalate(2);
    const rows = await work.listDeliveries('t1', id);
    expect(rows.map(({ for_user, schedule_version }) => [for_user, schedule_version])).toEqual([
      ['bo', 1],
      ['ada', 1],
    ]);
  });

  it('follows its policy as it stands now, and the one that matches when its own is gone', async () => {
    clock.now += 5 * MINUTE;
    rules = {
      ...rules,
      policies: [buildPolicy({ steps: [step(0, 'one'), step(5, 'changed')], version: 2 })],
    };
    await escalate(2);
    expect(await told()).toContain('2 changed');
    await open();
    clock.now += 5 * MINUTE;
    rules = {
      ...rules,
      policies: [buildPolicy({ policy_id: 'other', steps: [step(9, 'first'), step(3, 'last')] })],
    };
    await escalate(2);
    expect(await told()).toEqual(['1 one', '2 first']);
    expect(await alert()).toMatchObject({ policy_id: 'other', escalation_from: 1 });
    expect(await pending()).toEqual(['escalate 3 3']);
  });

  it('begins the policy that matches now when its own was switched off', async () => {
    clock.now += 5 * MINUTE;
    const other = buildPolicy({ policy_id: 'other', order: 2, steps: [step(9, 'first')] });
    rules = { ...rules, policies: [buildPolicy({ ...THREE, enabled: false }), other] };
    await escalate(2);
    expect(await told()).toEqual(['1 one', '2 first']);
  });

  it('ends, and says so, when no policy is left', async () => {
    clock.now += 5 * MINUTE;
    rules = NO_RESPONSE;
    await escalate(2);
    expect([await told(), await pending()]).toEqual([['1 one'], []]);
    const entry = [...tables.journal.values()].at(-1)!.row;
    expect(entry.after).toMatchObject({ trace: [{ step: 'policy', outcome: 'none_matches' }] });
  });
});

describe('a hint', () => {
  it('that is early does nothing but hint again for the rest of the wait', async () => {
    clock.now += 4 * MINUTE;
    expect(await escalate(2)).toEqual({ kind: 'early' });
    const hint = { kind: 'timer', tenant: 't1', alert_id: id, timer: 'escalate', step: 2 };
    expect(hints.given).toEqual([{ hint, delayMs: MINUTE }]);
    expect(await told()).toEqual(['1 one']);
  });

  it('given five times, at once or late, takes the step once', async () => {
    clock.now += 5 * MINUTE;
    const ends = await Promise.all([1, 2, 3, 4, 5].map(() => escalate(2)));
    clock.now += 30 * MINUTE;
    ends.push(await escalate(2));
    expect(ends.filter(({ kind }) => kind === 'taken')).toHaveLength(1);
    expect(await told()).toEqual(['1 one', '2 two']);
    expect(tables.journal.size).toBe(2);
  });

  it('for the next step is given with the step, unless that is more than a hop away', async () => {
    clock.now += 5 * MINUTE;
    await escalate(2);
    expect(hints.given).toEqual([
      {
        hint: { kind: 'timer', tenant: 't1', alert_id: id, timer: 'escalate', step: 3 },
        delayMs: 10 * MINUTE,
      },
    ]);
    await open({ steps: [step(0, 'one'), step(5, 'two'), step(16, 'three')] });
    clock.now += 5 * MINUTE;
    await escalate(2);
    expect(hints.given).toEqual([]);
  });

  it('that the queue does not take changes nothing: the step stands', async () => {
    clock.now += 5 * MINUTE;
    const deaf = { hint: () => Promise.reject(new SentryError('unavailable', 'down')) };
    expect(await escalate(2, { ...ports, timers: deaf })).toMatchObject({
      kind: 'taken',
      hint_error: { code: 'unavailable' },
    });
    expect(await told()).toEqual(['1 one', '2 two']);
  });

  it('for an alert that has expired takes its timer away', async () => {
    tables.alerts.clear();
    clock.now += 5 * MINUTE;
    await escalate(2);
    expect(await pending()).toEqual([]);
  });
});

describe('a step against people', () => {
  it.each([
    ['acknowledges', () => acknowledge({ work }, rosa, id)],
    ['resolves', () => resolve({ work }, rosa, id)],
  ])('loses to somebody who %s just before', async (_, act) => {
    clock.now += 5 * MINUTE;
    expect(await escalate(2, { ...ports, work: overtakenBy(act) })).toEqual({ kind: 'gone' });
    expect(await told()).toEqual(['1 one']);
    expect(await pending()).toEqual([]);
  });

  it('that wins is known to the acknowledgement, which stops what it promised', async () => {
    clock.now += 5 * MINUTE;
    const acked = await acknowledge({ work: overtakenBy(() => escalate(2)) }, rosa, id);
    expect(acked).toMatchObject({ state: 'ACK', escalation_level: 2 });
    expect(await pending()).toEqual([]);
    const rows = await work.listDeliveries('t1', id);
    expect(rows.map(({ desired }) => desired)).toEqual(['acknowledge', 'acknowledge']);
  });

  it('goes through although matches are counted meanwhile', async () => {
    clock.now += 5 * MINUTE;
    const count = async () => {
      const row = await alert();
      const counted = { ...row, count: row.count + 1, revision: row.revision + 1 };
      await work.commit({
        changes: [{ kind: 'alert', row: counted, expected: row.revision }],
        journal: [],
        outbox: [],
      });
    };
    await escalate(2, { ...ports, work: overtakenBy(count, 4) });
    expect(await alert()).toMatchObject({ count: 5, escalation_level: 2 });
  });

  it('is never refused for lack of a version: escalating does not make a reader out of date', async () => {
    clock.now += 5 * MINUTE;
    await escalate(2);
    expect((await acknowledge({ work }, rosa, id, { if_version: 1 })).state).toBe('ACK');
  });
});

describe('several acknowledgements', () => {
  beforeEach(() => open({ ...THREE, acknowledgements: 2 }));

  it('by different people stop the escalation; the first alone does not', async () => {
    const first = await acknowledge({ work }, rosa, id);
    expect(first).toMatchObject({
      state: 'OPEN',
      acknowledgements: [{ actor: 'user:rosa' }],
      acknowledgements_needed: 2,
    });
    expect(first.acknowledged_by).toBeUndefined();
    clock.now += 5 * MINUTE;
    await escalate(2);
    expect(await told()).toEqual(['1 one', '2 two']);
    const second = await acknowledge({ work }, sam, id);
    expect(second).toMatchObject({ state: 'ACK', acknowledged_by: 'user:sam' });
    expect(second.acknowledgements?.map(({ actor }) => actor)).toEqual(['user:rosa', 'user:sam']);
    expect(await pending()).toEqual([]);
    expect(await said()).toContain('Acknowledged by user:rosa, 1 of 2 needed');
  });

  it('by the same person count once, however often', async () => {
    await acknowledge({ work }, rosa, id);
    const { revision } = await alert();
    expect((await acknowledge({ work }, rosa, id)).state).toBe('OPEN');
    expect((await alert()).revision).toBe(revision);
  });

  it('at the same moment are both counted', async () => {
    const ends = await Promise.all([rosa, sam].map((who) => acknowledge({ work }, who, id)));
    expect(ends.map(({ state }) => state).sort()).toEqual(['ACK', 'OPEN']);
  });
});

describe('an acknowledgement with an end', () => {
  beforeEach(() => open({ ...THREE, ack_timeout_minutes: 30 }));

  it('opens the alert again, from the first step, each destination told once', async () => {
    await acknowledge({ work }, rosa, id);
    expect(await pending()).toEqual(['ack_timeout 0 30']);
    expect((await alert()).next_escalation_at).toBe('2026-03-01T12:30:00.000Z');
    clock.now += 30 * MINUTE;
    await endAck();
    const again = await alert();
    expect(again).toMatchObject({
      state: 'OPEN',
      escalation_level: 2,
      escalation_from: 1,
      version: 3,
    });
    expect(again.acknowledged_by).toBeUndefined();
    expect(await told()).toEqual(['1 one', '2 one']);
    const rows = await work.listDeliveries('t1', id);
    expect(rows.filter(({ desired }) => desired === 'trigger')).toHaveLength(1);
    expect(await pending()).toEqual(['escalate 3 5']);
    expect(await said()).toContain(
      'Opened again: user:rosa acknowledged it and nothing was heard since',
    );
  });

  it('is over with the resolve', async () => {
    await acknowledge({ work }, rosa, id);
    await resolve({ work }, rosa, id);
    expect(await pending()).toEqual([]);
    clock.now += 30 * MINUTE;
    expect(await endAck()).toEqual({ kind: 'gone' });
    expect((await alert()).state).toBe('RESOLVED');
  });

  it('loses to a resolve just before', async () => {
    await acknowledge({ work }, rosa, id);
    clock.now += 30 * MINUTE;
    const raced = { ...ports, work: overtakenBy(() => resolve({ work }, sam, id)) };
    expect(await takeTimer(system, raced, { alert_id: id, kind: 'ack_timeout', step: 0 })).toEqual({
      kind: 'gone',
    });
    expect((await alert()).state).toBe('RESOLVED');
  });
});
