import { describe, expect, it } from 'vitest';

import { createMemoryDocumentStore } from '#shared/adapters/memory/memory-document-store.ts';
import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryTimerHint } from '#shared/adapters/memory/memory-timer-hint.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import { acknowledge } from '#shared/alert/acknowledge.ts';
import { openAlert } from '#shared/alert/open-alert.ts';
import { resolve } from '#shared/alert/resolve.ts';
import { unacknowledge } from '#shared/alert/unacknowledge.ts';
import type { Commit, WorkStore } from '#shared/ports/work-store.ts';
import { NO_RESPONSE } from '#shared/response/rules.ts';
import { BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildFinding, buildPolicy } from '#shared/testing/build-finding.ts';

import type { EscalationPolicy } from './schema.ts';
import { takeTimer } from './take-timer.ts';

type Actor = 'ack' | 'resolve' | 'unack' | 'hint' | 'ack_timeout';
interface Run {
  /** What was committed, in order: journal actions. */
  log: string[];
  world: Awaited<ReturnType<typeof openWorld>>;
}

const step = (delay_minutes: number, destination: string) => ({
  delay_minutes,
  targets: [{ channel: 'webhook' as const, destination }],
});
const POLICY: Partial<EscalationPolicy> = {
  steps: [step(0, 'one'), step(5, 'two'), step(5, 'three')],
  ack_timeout_minutes: 1,
};

/** An alert whose second step is due; `acked` also has its acknowledgement run out. */
async function openWorld(acked: boolean) {
  const clock = { now: Date.parse(BUILT_AT) };
  const tables = createMemoryTables();
  const work = createMemoryWorkStore(tables, () => clock.now);
  const policy = buildPolicy(POLICY);
  const rules = { ...NO_RESPONSE, policies: [policy] };
  const policies = createMemoryDocumentStore<EscalationPolicy>(tables);
  await policies.save('t1', {
    id: 'default',
    document: policy,
    expected: 0,
    journal: [],
    outbox: [],
  });
  const ctx = buildContext(clock);
  const { commit, alert } = openAlert(undefined, buildFinding(), rules, ctx);
  await work.commit(commit);
  if (acked) await acknowledge({ work }, ctx, alert.alert_id);
  clock.now += 5 * 60_000;
  return { ctx, work, rules, policies, id: alert.alert_id };
}

/** One query is no snapshot: what others commit meanwhile may be in some of its rows and not in others. */
async function readInParts(
  work: WorkStore,
  ...[tenant, id]: Parameters<WorkStore['getAlertRows']>
) {
  const [alert, deliveries, timers] = await Promise.all([
    work.getAlert(tenant, id),
    work.listDeliveries(tenant, id),
    work.listTimers(tenant, id),
  ]);
  return { ...(alert && { alert }), deliveries, timers };
}

/** Runs the actors with every call to the store in the order that `choices` says; answers how many there were to choose from. */
async function interleave(actors: readonly Actor[], choices: readonly number[], acked: boolean) {
  const world = await openWorld(acked);
  const { ctx, rules, policies, id } = world;
  const waiting: { actor: number; go: () => void }[] = [];
  const log: string[] = [];
  const gated = (actor: number): WorkStore =>
    new Proxy(world.work, {
      get:
        (store, name: keyof WorkStore) =>
        async (...given: never[]) => {
          if (name === 'getAlertRows')
            return readInParts(gated(actor), ...(given as unknown as [string, string]));
          await new Promise<void>((go) => waiting.push({ actor, go }));
          const done: unknown = await (store[name] as (...all: unknown[]) => unknown)(...given);
          if (name === 'commit')
            log.push(...(given[0] as unknown as Commit).journal.map((e) => e.action));
          return done;
        },
    });
  const { timers } = createMemoryTimerHint();
  const act = (actor: Actor, work: WorkStore): Promise<unknown> => {
    const ports = { work, timers, response: async () => rules };
    if (actor === 'ack') return acknowledge({ work }, ctx, id);
    if (actor === 'resolve') return resolve({ work }, ctx, id);
    if (actor === 'unack') return unacknowledge({ work, policies }, ctx, id);
    const name =
      actor === 'hint'
        ? { kind: 'escalate' as const, step: 2 }
        : { kind: 'ack_timeout' as const, step: 0 };
    return takeTimer(ctx, ports, { alert_id: id, ...name });
  };
  const ended = new Set<number>();
  const ends = actors.map((actor, at) => act(actor, gated(at)).finally(() => ended.add(at)));
  void Promise.allSettled(ends);
  const widths: number[] = [];
  for (let turn = 0; ended.size < actors.length; turn++) {
    await new Promise((quiet) => setImmediate(quiet));
    // Calls of one actor wait for nobody but themselves: the first of each is enough to choose from.
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
  return { run: { log, world } satisfies Run, widths, refused };
}

/** Every order in which the calls of the actors may reach the store. */
async function everyInterleaving(
  actors: readonly Actor[],
  acked: boolean,
  check: (run: Run) => Promise<void>,
) {
  let runs = 0;
  for (let choices: number[] | undefined = []; choices; runs++) {
    const { run, widths, refused } = await interleave(actors, choices, acked);
    expect(refused.length).toBeLessThan(actors.length);
    await check(run);
    const taken: number[] = widths.map((_, at) => choices![at] ?? 0);
    let last = taken.length - 1;
    while (last >= 0 && taken[last]! + 1 >= widths[last]!) last--;
    choices = last < 0 ? undefined : [...taken.slice(0, last), taken[last]! + 1];
  }
  return runs;
}

/** What must hold however the calls fall. */
async function hold({ log, world }: Run): Promise<void> {
  const { work, id } = world;
  const [alert, timers, deliveries] = [
    (await work.getAlert('t1', id))!,
    await work.listTimers('t1', id),
    await work.listDeliveries('t1', id),
  ];
  const steps = log.filter((action) => action === 'alert.escalate').length;
  const restarts = log.filter((action) => action === 'alert.ack_timeout').length;
  expect(steps).toBeLessThanOrEqual(1);
  expect(restarts).toBeLessThanOrEqual(1);
  expect(alert.escalation_level).toBe(1 + steps + restarts);
  expect(deliveries).toHaveLength(1 + steps + restarts);
  const lastAck = log.lastIndexOf('alert.acknowledge');
  const reopened = log.findLastIndex((action) => /unack|ack_timeout/.test(action));
  const decided = log.lastIndexOf('alert.escalate');
  expect(alert.state === 'ACK' && decided > lastAck && lastAck > reopened).toBe(false);
  const kinds = timers.map(({ kind }) => kind);
  if (alert.state === 'OPEN') expect(kinds).toEqual(['escalate']);
  if (alert.state === 'ACK') expect(kinds).toEqual(['ack_timeout']);
  if (alert.state === 'RESOLVED') expect(kinds).toEqual([]);
  const wanted = { OPEN: 'trigger', ACK: 'acknowledge', RESOLVED: 'resolve' }[alert.state];
  for (const destination of new Set(deliveries.map((row) => row.destination)))
    expect(
      deliveries.filter((row) => row.destination === destination).map(({ desired }) => desired),
    ).toContain(wanted);
}

describe('F15: whoever reaches the store first, whatever the other read', () => {
  it.each([
    ['an acknowledgement and a step', ['ack', 'hint'], false],
    ['a resolve and a step', ['resolve', 'hint'], false],
    ['two hints of one step', ['hint', 'hint'], false],
    ['an acknowledgement and a resolve', ['ack', 'resolve'], false],
    ['the end of an acknowledgement and a resolve', ['ack_timeout', 'resolve'], true],
    ['the end of an acknowledgement and its being taken back', ['ack_timeout', 'unack'], true],
    ['the end of an acknowledgement twice', ['ack_timeout', 'ack_timeout'], true],
  ] as const)(
    '%s: 0 violations',
    async (_, actors, acked) => {
      const runs = await everyInterleaving(actors, acked, hold);
      // Two actors of three reads and a commit each: 8! / (4! · 4!) at the least.
      expect(runs).toBeGreaterThanOrEqual(70);
    },
    60_000,
  );
});
