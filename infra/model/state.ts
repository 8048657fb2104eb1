import type { Intent } from '#shared/notification/schema.ts';

import type { Breach } from './invariant.ts';
import type { Point } from './process.ts';
import type { Shelf } from './rows.ts';

export const ROLES = [
  'detector',
  'publisher',
  'notifier',
  'timer',
  'ack',
  'unack',
  'resolve',
] as const;
export type Role = (typeof ROLES)[number];

/** A process that is alive. */
export interface Live {
  role: Role;
  /** What it works on: a record's number, an outbox row's id, a channel, a timer, an alert. */
  on: string;
  point: Point;
  /** It has seen that nothing is owed: what it reads from then on is of no consequence. */
  idle?: boolean;
  /** Which row of the alert it read last. */
  saw?: number;
  /** Who it is in leases. */
  owner: string;
}

/** What a receiver was told by one delivery. */
export interface Told {
  triggers: number;
  last: Intent;
}

/** What the world has been allowed so far. */
export interface Spent {
  crashes: number;
  /** Receivers that refused, for a while. */
  refusals: number;
  /** Receivers that took a message and whose answer was lost. */
  lostAnswers: number;
  /** Batches that came again though they were done. */
  redeliveries: number;
}

/** One moment of the world. */
export interface State {
  shelf: Shelf;
  live: readonly Live[];
  /** Events in the stream, and how many of them it has forgotten. */
  produced: number;
  done: number;
  /** Outbox rows that wake somebody; `left` ones wait for the sweep, as their publisher died. */
  outbox: readonly { id: string; left: boolean; oldAt: number }[];
  /** `<channel> <alert id>` that the bus has taken and nobody has looked at. */
  wakes: readonly string[];
  /** What people have asked for. */
  asked: readonly Role[];
  spent: Spent;
  /** By delivery key. */
  told: Readonly<Record<string, Told>>;
  /** How often an alert was made OPEN again, so that its receivers are told once more. */
  revivals: number;
}

/** The same text for the same moment; processes of one role are interchangeable. */
export function nameOf(state: State): string {
  const { shelf, live, outbox, wakes, asked, spent, told } = state;
  const processes = live.map(({ point, on }) => `${point.id}${on}`).sort();
  const rows = [...shelf];
  while (rows.at(-1) === 0) rows.pop();
  return [
    rows.join(),
    processes.join(';'),
    `${state.produced}${state.done}${state.revivals}`,
    outbox
      .map(({ id, left, oldAt }) => (left ? `${id}!${oldAt}` : id))
      .sort()
      .join(),
    wakes.join(),
    asked.join(),
    `${spent.crashes}${spent.refusals}${spent.lostAnswers}${spent.redeliveries}`,
    Object.keys(told)
      .sort()
      .map((key) => `${key}${told[key]!.triggers}${told[key]!.last}`)
      .join(),
  ].join('#');
}

/** One thing that may happen next. */
export interface Step {
  says: string;
  next: State;
  breach?: Breach;
}
