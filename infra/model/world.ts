import { hash } from 'node:crypto';

import type { Alert } from '#shared/alert/schema.ts';
import type { OutboxRow } from '#shared/audit/schema.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { Channel, Delivery } from '#shared/notification/schema.ts';
import type { SendOutcome } from '#shared/ports/channel-sender.ts';
import type { Commit } from '#shared/ports/work-store.ts';

import type { Cast, Destination } from './cast.ts';
import { judgeCommit, judgeMoment, judgeRest, judgeSend } from './invariant.ts';
import { dueWakes, isOwedNow, NOW, tick } from './due.ts';
import { type Answer, type Call, createProcesses } from './process.ts';
import { programs } from './program.ts';
import { answerRead } from './read.ts';
import { Rows } from './rows.ts';
import { type Live, nameOf, type Role, type State, type Step } from './state.ts';
import { titleOf, wordsOf } from './words.ts';

/** How much may happen. */
export interface Limits {
  /** Who is told at once, and then a minute after each other. */
  steps: readonly (readonly Destination[])[];
  crashes: number;
  /** Events of one group, each a batch of its own. */
  events: number;
  redeliveries: number;
  refusals: number;
  lostAnswers: number;
  /** What people do, each once, at any time or never. */
  people: readonly Extract<Role, 'ack' | 'unack' | 'resolve'>[];
  /** Notifiers that may run at the same time. */
  notifiers: number;
  /** Looks at one due timer that may happen at the same time. */
  timers: number;
}

/** An outbox row this old is the sweep's. */
const OUTBOX_AGE_MS = 60_000;
/** Nobody else's step changes what these answer, or what they change: taken at once, none of the orders is lost. */
const AT_ONCE: ReadonlySet<string> = new Set([
  'sender.send',
  'journal.deleteOutbox',
  'work.getSeries',
  'work.getSeen',
]);

/** The world in which the processes of a cast live: what can happen at any of its moments. */
export function createWorld(cast: Cast, limits: Limits) {
  const rows = new Rows();
  const processes = createProcesses();
  const outboxRows = new Map<string, OutboxRow>();
  const program = programs(cast, outboxRows);
  const begin: State = {
    shelf: [],
    live: [],
    produced: 1,
    done: 0,
    outbox: [],
    wakes: [],
    asked: [],
    spent: { crashes: 0, refusals: 0, lostAnswers: 0, redeliveries: 0 },
    told: {},
    revivals: 0,
  };

  /** Every way the world can go on from a moment. */
  async function follow(state: State): Promise<Step[]> {
    const urgent = state.live.find((live) => live.point.end || callAtOnce(state, live));
    if (urgent) return [...(await go(state, urgent)), ...crash(state, urgent)];
    const steps: Step[] = [];
    for (const live of state.live) {
      steps.push(...(await go(state, live)), ...crash(state, live));
    }
    for (const live of await newcomers(state)) {
      steps.push(...(await go(taken(state, live), live)));
    }
    return [...steps, ...events(state), ...tick(rows, state)];
  }

  /** What a process does next: any of its calls is answered, or it ends. */
  async function go(state: State, live: Live): Promise<Step[]> {
    if (live.point.end) return ended(state, live);
    const atOnce = callAtOnce(state, live);
    const steps: Step[] = [];
    for (const call of atOnce ? [atOnce] : live.point.calls)
      steps.push(...(await perform(state, live, call)));
    return steps;
  }

  /**
   * A call that may be answered now without losing an order: nothing else changes what it answers or
   * sees what it does, or what it belongs to is in vain already, because revisions never come back.
   */
  function callAtOnce(state: State, live: Live): Call | undefined {
    const { point, role, idle = false, saw, on } = live;
    const [first] = point.calls;
    if (idle || first === undefined) return first;
    const alone = point.calls.find(({ name }) => AT_ONCE.has(name));
    if (alone || cast.unconditional.includes(role)) return alone;
    if (first.name === 'work.commit')
      return rows.commit(state.shelf, first.args[0] as Commit) instanceof Error ? first : undefined;
    if (!CHANGING.has(role) || saw === undefined) return undefined;
    return rows.at(state.shelf, 'alert', on.split(' ')[0]!).id === saw ? undefined : first;
  }

  async function perform(state: State, live: Live, call: Call): Promise<Step[]> {
    if (call.name === 'work.commit') return [await commit(state, live, call)];
    if (call.name === 'sender.send') return send(state, live, call);
    if (call.name === 'bus.publish') return [await publish(state, live, call)];
    if (call.name === 'journal.deleteOutbox') {
      const gone = new Set((call.args[0] as { outbox_id: string }[]).map((one) => one.outbox_id));
      const outbox = state.outbox.filter(({ id }) => !gone.has(id));
      return [
        await told({ ...state, outbox }, live, call, 'yes', { value: undefined }, 'deletes it'),
      ];
    }
    const { key, value, says } = answerRead(rows, state.shelf, live, call);
    const idle = isIdle(live, call, value);
    const saw =
      call.name === 'work.getAlert'
        ? rows.at(state.shelf, 'alert', call.args[1] as string).id
        : live.saw;
    return [await told(state, { ...live, idle, saw }, call, key, { value }, says, live)];
  }

  async function commit(state: State, live: Live, call: Call): Promise<Step> {
    const asked = call.args[0] as Commit;
    const shelf = rows.commit(state.shelf, asked, cast.unconditional.includes(live.role));
    if (shelf instanceof Error)
      return told(state, live, call, 'conflict', { error: shelf }, 'commits in vain: conflict');
    const waking = asked.outbox.filter(({ envelope }) => channelsOf(envelope.payload).length > 0);
    for (const row of waking) outboxRows.set(row.outbox_id, row);
    const isRevival = asked.journal.some(({ action }) => REVIVING.has(action));
    const next = {
      ...state,
      shelf,
      outbox: [
        ...state.outbox,
        ...waking.map(({ outbox_id: id }) => ({
          id,
          left: false,
          oldAt: NOW + OUTBOX_AGE_MS,
        })),
      ],
      revivals: state.revivals + Number(isRevival),
    };
    const step = await told(next, live, call, 'yes', { value: undefined }, wordsOf(asked));
    const breach = judgeCommit(rows, state, asked) ?? judgeMoment(rows, step.next);
    return breach ? { ...step, breach } : step;
  }

  async function publish(state: State, live: Live, call: Call): Promise<Step> {
    const envelopes = call.args[0] as OutboxRow['envelope'][];
    const wakes = new Set(state.wakes);
    for (const { payload } of envelopes)
      for (const channel of channelsOf(payload))
        wakes.add(`${channel} ${(payload['alert'] as Alert).alert_id}`);
    const value = envelopes.map(() => ({ ok: true }));
    const says = `publishes ${envelopes.map(({ type }) => type).join(', ')}`;
    return told({ ...state, wakes: [...wakes].sort() }, live, call, 'yes', { value }, says);
  }

  async function send(state: State, live: Live, call: Call): Promise<Step[]> {
    const { delivery, intent } = call.args[0] as {
      delivery: Delivery;
      intent: Delivery['desired'];
    };
    const { delivery_key: key } = delivery;
    const breach = judgeSend(rows, state, { ...delivery, desired: intent });
    const known = state.told[key] ?? { triggers: 0, last: intent };
    const triggers = known.triggers + Number(intent === 'trigger');
    const heard = { ...state, told: { ...state.told, [key]: { triggers, last: intent } } };
    const { spent } = state;
    const answers: [State, SendOutcome, string][] = [
      [heard, { kind: 'delivered', receipt: 'ok' }, `tells ${delivery.destination}: ${intent}`],
    ];
    if (spent.refusals < limits.refusals)
      answers.push([
        { ...state, spent: { ...spent, refusals: spent.refusals + 1 } },
        { kind: 'retryable', error: 'HTTP 503', may_have_arrived: false },
        `is refused by ${delivery.destination} for a while`,
      ]);
    if (spent.lostAnswers < limits.lostAnswers)
      answers.push([
        { ...heard, spent: { ...spent, lostAnswers: spent.lostAnswers + 1 } },
        { kind: 'retryable', error: 'timeout', may_have_arrived: true },
        `tells ${delivery.destination}: ${intent}, and the answer is lost`,
      ]);
    const steps: Step[] = [];
    for (const [next, value, says] of answers) {
      const step = await told(next, live, call, says, { value }, says);
      steps.push(breach ? { ...step, breach } : step);
    }
    return steps;
  }

  async function told(
    state: State,
    live: Live,
    call: Call,
    key: string,
    answer: Answer,
    says: string,
    former: Live = live,
  ): Promise<Step> {
    const fed = processes.feed(live.point, call.id, key, answer, NOW);
    const point = fed instanceof Promise ? await fed : fed;
    const moved = { ...live, point };
    if (point.end && 'error' in point.end && !(point.end.error instanceof SentryError))
      throw point.end.error;
    const keeps = !point.end || live.role === 'detector';
    const others = state.live.filter((one) => one !== former);
    return {
      says: `${titleOf(live)} ${says}`,
      next: { ...state, live: keeps ? [...others, moved] : others },
    };
  }

  /** The detector has done its batch: the stream forgets it, or was not told so and brings it once more. */
  function ended(state: State, live: Live): Step[] {
    const again = { ...state, live: state.live.filter((one) => one !== live) };
    const report = live.point.end as { value?: { uncommitted?: string } };
    if (!('value' in report) || report.value?.uncommitted !== undefined)
      return [{ says: `${titleOf(live)} asks for its batch again`, next: again }];
    const done = Math.max(state.done, Number(live.on));
    const steps = [{ says: `${titleOf(live)} is done`, next: { ...again, done } }];
    const { spent } = state;
    if (spent.redeliveries < limits.redeliveries && cast.checkpoint === 'after')
      steps.push({
        says: `${titleOf(live)} is done, but its batch comes again`,
        next: { ...again, spent: { ...spent, redeliveries: spent.redeliveries + 1 } },
      });
    return steps;
  }

  /** The process is gone, and whatever started it is lost, but the stream of events. */
  function crash(state: State, live: Live): Step[] {
    const { spent } = state;
    if (spent.crashes === limits.crashes) return [];
    const outbox = state.outbox.map((one) =>
      live.role === 'publisher' && one.id === live.on ? { ...one, left: true } : one,
    );
    const next = {
      ...state,
      outbox,
      live: state.live.filter((one) => one !== live),
      spent: { ...spent, crashes: spent.crashes + 1 },
    };
    return [{ says: `${titleOf(live)} dies`, next }];
  }

  /** The processes that something may start now, each before its first step. */
  async function newcomers(state: State): Promise<Live[]> {
    const wanted: { role: Role; on: string; owner?: string }[] = [];
    const running = (role: Role, on?: string) =>
      state.live.filter((one) => one.role === role && (on === undefined || one.on === on)).length;
    if (state.done < state.produced && running('detector') === 0)
      wanted.push({ role: 'detector', on: String(state.done + 1) });
    for (const { id, left, oldAt } of state.outbox) {
      if (running('publisher', id) === 0 && (!left || (oldAt <= NOW && cast.sweeps)))
        wanted.push({ role: 'publisher', on: id });
    }
    if (running('notifier') < limits.notifiers) {
      const owner = freeOwner(state);
      for (const wake of new Set([...state.wakes, ...(cast.sweeps ? dueWakes(rows, state) : [])]))
        wanted.push({ role: 'notifier', on: wake, owner });
    }
    for (const { alert_id, kind, step, due_at } of rows.of(state.shelf, 'timer').rows) {
      const on = `${alert_id} ${kind} ${step}`;
      if (cast.sweeps && Date.parse(due_at) <= NOW && running('timer', on) < limits.timers)
        wanted.push({ role: 'timer', on });
    }
    const [alert] = rows.of(state.shelf, 'alert').rows;
    if (alert)
      for (const role of limits.people)
        if (!state.asked.includes(role) && (role !== 'unack' || alert.state === 'ACK'))
          wanted.push({ role, on: alert.alert_id });
    const made: Live[] = [];
    for (const { role, on, owner = role } of wanted) {
      const point = await processes.begin(program(role, on, owner), NOW);
      made.push({ role, on, owner, point });
    }
    return made;
  }

  /** The moment in which a newcomer has taken what it works on. */
  function taken(state: State, { role, on }: Live): State {
    const isBatch = role === 'detector' && cast.checkpoint === 'before';
    const isHuman = role === 'ack' || role === 'unack' || role === 'resolve';
    return {
      ...state,
      ...(isBatch && { done: state.done + 1 }),
      ...(role === 'notifier' && { wakes: state.wakes.filter((wake) => wake !== on) }),
      ...(isHuman && { asked: [...state.asked, role].sort() }),
    };
  }

  /** The first name that stands in no lease and belongs to nobody alive. */
  function freeOwner(state: State): string {
    const inUse = new Set(state.live.map(({ owner }) => owner));
    for (const { lease_owner } of rows.of(state.shelf, 'delivery').rows)
      if (lease_owner !== undefined) inUse.add(lease_owner);
    let number = 1;
    while (inUse.has(`n${number}`)) number++;
    return `n${number}`;
  }

  function events(state: State): Step[] {
    if (state.produced >= limits.events) return [];
    return [
      { says: 'one more event of the group', next: { ...state, produced: state.produced + 1 } },
    ];
  }

  /** Whether nothing moves unless people or producers do something. */
  function isAtRest(state: State): boolean {
    const { live, outbox, wakes } = state;
    return (
      live.length === 0 &&
      wakes.length === 0 &&
      state.done >= state.produced &&
      outbox.every(({ left }) => left && !cast.sweeps) &&
      (!cast.sweeps ||
        (!isOwedNow(rows, state) &&
          tick(rows, state).length === 0 &&
          rows.of(state.shelf, 'timer').rows.length === 0))
    );
  }

  return {
    begin,
    rows,
    follow,
    isAtRest,
    judgeRest: (state: State) => judgeRest(rows, state, limits.steps.length),
    nameOf: (state: State) => hash('sha1', nameOf(state), 'base64'),
    processes: () => processes.count(),
  };
}
export type World = ReturnType<typeof createWorld>;

/** Whoever commits the alert it read, or nothing. */
const CHANGING: ReadonlySet<string> = new Set(['ack', 'unack', 'resolve', 'timer']);
const REVIVING: ReadonlySet<string> = new Set([
  'alert.reopen',
  'alert.unacknowledge',
  'alert.ack_timeout',
]);

/** `decide` looks first whether anything is owed. */
function isIdle({ role }: Live, { name }: Call, row: unknown): boolean {
  if (role !== 'notifier' || name !== 'work.getDelivery') return false;
  return (row as Delivery | undefined)?.next_attempt_at === undefined;
}

function channelsOf(payload: Record<string, unknown>): Channel[] {
  return (payload['channels'] as Channel[] | undefined) ?? [];
}
