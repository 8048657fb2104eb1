import { describe, expect, it } from 'vitest';

import { acknowledge } from '#shared/alert/acknowledge.ts';
import { resolve } from '#shared/alert/resolve.ts';
import { raiseOwn } from '#shared/detection/raise-own.ts';
import { takeTimer } from '#shared/escalation/take-timer.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';
import { buildEvent, buildFinding, buildRule } from '#shared/testing/build-finding.ts';
import { createGroupRig, type GroupRig } from '#shared/testing/group-rig.ts';

type Actor = 'fire c' | 'fire d' | 'message' | 'ack a' | 'ack b' | 'ack group' | 'over a' | 'step';

/** What stands before the race: alerts that fire, whether they were told, and what the clock then shows. */
interface Before {
  fires: readonly string[];
  acked?: readonly string[];
  /** Seconds that pass after the alerts fired, and then once more without taking what falls due. */
  told?: number;
  later: number;
}

async function openWorld({ fires, acked = [], told = 0, later }: Before): Promise<GroupRig> {
  const rig = createGroupRig({ by: [] });
  for (const name of fires) await rig.fire(name);
  await rig.pass(told);
  for (const name of acked) await rig.ack(name);
  rig.clock.now += later * 1000;
  return rig;
}

function findingOf(name: string) {
  return buildFinding({
    rule: buildRule({ rule_id: 'cpu-high' }),
    group_key: name,
    group: { host: name },
    events: [buildEvent(name.charCodeAt(0))],
  });
}

function act(rig: GroupRig, actor: Actor, work: WorkStore): Promise<unknown> {
  const { ctx, rules, timers } = rig;
  const ports = { work, timers, response: () => Promise.resolve(rules) };
  const id = (name: string) => rig.alertOf(name).alert_id;
  const timer = (kind: string) => rig.timersOf(kind)[0]!;
  switch (actor) {
    case 'fire c':
    case 'fire d':
      return raiseOwn(work, ctx, findingOf(actor.slice(5)), rules);
    case 'message':
      return takeTimer(ctx, ports, timer('group'));
    case 'step':
      return takeTimer(ctx, ports, timer('escalate'));
    case 'ack group':
      return acknowledge({ work }, ctx, rig.own()!.alert_id);
    case 'over a':
      return resolve({ work }, ctx, id('a'));
    case 'ack a':
    case 'ack b':
      break;
  }
  return acknowledge({ work }, ctx, id(actor.slice(4)));
}

/** Runs the actors with every call to the store in the order that `choices` says; answers how many there were to choose from. */
async function interleave(before: Before, actors: readonly Actor[], choices: readonly number[]) {
  const rig = await openWorld(before);
  const waiting: { actor: number; go: () => void }[] = [];
  const log: string[] = [];
  const gated = (actor: number): WorkStore =>
    new Proxy(rig.work, {
      get:
        (store, name: keyof WorkStore) =>
        async (...given: [never]) => {
          await new Promise<void>((go) => waiting.push({ actor, go }));
          const done: unknown = await (store[name] as (...all: unknown[]) => unknown)(...given);
          if (name === 'commit')
            log.push(
              ...(given[0] as Parameters<WorkStore['commit']>[0]).journal.map((e) => e.action),
            );
          return done;
        },
    });
  const ended = new Set<number>();
  const ends = actors.map((actor, at) => act(rig, actor, gated(at)).finally(() => ended.add(at)));
  void Promise.allSettled(ends);
  const widths: number[] = [];
  for (let turn = 0; ended.size < actors.length; turn++) {
    await new Promise((quiet) => setImmediate(quiet));
    const firsts = waiting.filter(
      (call, at) => waiting.findIndex(({ actor }) => actor === call.actor) === at,
    );
    if (firsts.length === 0) continue;
    const chosen = firsts[choices[turn] ?? 0]!;
    widths.push(firsts.length);
    waiting.splice(waiting.indexOf(chosen), 1);
    chosen.go();
  }
  const refused = (await Promise.allSettled(ends)).filter(({ status }) => status === 'rejected');
  return { rig, log, widths, refused };
}

async function everyInterleaving(
  before: Before,
  actors: readonly Actor[],
  check: (rig: GroupRig, log: readonly string[]) => Promise<void>,
): Promise<number> {
  let runs = 0;
  for (let choices: number[] | undefined = []; choices; runs++) {
    const { rig, log, widths, refused } = await interleave(before, actors, choices);
    expect(refused).toEqual([]);
    await check(rig, log);
    const taken: number[] = widths.map((_, at) => choices![at] ?? 0);
    let last = taken.length - 1;
    while (last >= 0 && taken[last]! + 1 >= widths[last]!) last--;
    choices = last < 0 ? undefined : [...taken.slice(0, last), taken[last]! + 1];
  }
  return runs;
}

/** What must hold however the calls fell, at once and when the next messages are out. */
async function hold(rig: GroupRig, log: readonly string[]): Promise<void> {
  const own = rig.own();
  if (own?.state === 'ACK') expect(rig.timersOf('escalate')).toEqual([]);
  // No step is decided after nobody is wanted any more.
  const settled = log.findIndex(
    (action, at) => action === 'alert.acknowledge' && log[at + 1] === 'alert.acknowledge',
  );
  if (settled >= 0) expect(log.slice(settled)).not.toContain('alert.escalate');
  expect(rig.timersOf('group').length).toBeLessThanOrEqual(1);
  await rig.pass(600);
  const [group, ...others] = rig.groups();
  expect(others).toEqual([]);
  const told = new Set(rig.told().flatMap(({ firing }) => firing));
  for (const name of ['a', 'b', 'c', 'd']) {
    const alert = rig.alertOf(name);
    if (alert?.state !== 'OPEN') continue;
    const member = group!.members.find(({ alert_id }) => alert_id === alert.alert_id);
    expect(member).toMatchObject({ state: 'OPEN', told: true });
    expect(told.has(name) || told.has(alert.alert_id)).toBe(true);
  }
  const numbers = rig.told().map(({ number }) => number);
  expect(new Set(numbers).size).toBe(numbers.length);
  const keys = rig.deliveries().map(({ step, destination }) => `${step} ${destination}`);
  expect(new Set(keys).size).toBe(keys.length);
  expect(rig.deliveries().every(({ alert_id }) => alert_id === rig.own()!.alert_id)).toBe(true);
}

describe('whoever reaches the store first, whatever the other read', () => {
  it.each<[string, Before, Actor[]]>([
    ['two openings of one group join', { fires: [], later: 0 }, ['fire c', 'fire d']],
    ['an opening and the first message', { fires: ['a'], later: 30 }, ['fire c', 'message']],
    [
      'an opening and a later message',
      { fires: ['a'], told: 60, later: 14_400 },
      ['fire c', 'message'],
    ],
    ['the first message twice', { fires: ['a', 'b'], later: 30 }, ['message', 'message']],
    ['the first message and an end', { fires: ['a', 'b'], later: 30 }, ['message', 'over a']],
    [
      'the last acknowledgement and a step',
      { fires: ['a', 'b'], told: 31, acked: ['b'], later: 900 },
      ['ack a', 'step'],
    ],
    [
      'two acknowledgements of the last two',
      { fires: ['a', 'b'], told: 31, later: 0 },
      ['ack a', 'ack b'],
    ],
    [
      'an acknowledgement of the group and one of an alert',
      { fires: ['a', 'b'], told: 31, later: 0 },
      ['ack group', 'ack a'],
    ],
  ])(
    '%s',
    async (_, before, actors) => {
      expect(await everyInterleaving(before, actors, hold)).toBeGreaterThan(15);
    },
    120_000,
  );
});

describe('a crash', () => {
  it('between any two commits of an acknowledgement that is handed down loses nothing', async () => {
    for (let kept = 0; ; kept++) {
      const rig = createGroupRig();
      for (const name of ['a', 'b', 'c']) await rig.fire(name);
      await rig.pass(31);
      await rig.ack(rig.own()!.group_key);
      let commits = 0;
      const dying = new Proxy(rig.work, {
        get: (store, name: keyof WorkStore) =>
          name === 'commit' && commits++ >= kept
            ? () => Promise.reject(new SentryError('unavailable', 'died'))
            : store[name],
      });
      const ports = { work: dying, timers: rig.timers, response: rig.response };
      const died = await takeTimer(rig.ctx, ports, rig.timersOf('group')[0]!).then(
        () => false,
        () => true,
      );
      await rig.pass(0);
      for (const name of ['a', 'b', 'c']) expect(rig.alertOf(name).state).toBe('ACK');
      expect(rig.timersOf('group')).toEqual([]);
      if (!died) break;
      expect(kept).toBeLessThan(10);
    }
  });
});
