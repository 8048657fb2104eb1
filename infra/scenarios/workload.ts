import { seededChance } from '#infra/simulator/random.ts';

/** One event as a producer states it. */
export interface StatedEvent {
  event_id?: string;
  source: string;
  type: string;
  service: string;
  severity: string;
  timestamp: string;
  payload: Record<string, unknown>;
}

/** What a producer puts: an event and its partition key. */
export interface Put {
  event: StatedEvent;
  partition_key: string;
}

export interface WorkloadOptions {
  events: number;
  seed: number;
  /** Share of events that some rule reads; 0.01 unless told. */
  matching?: number;
  /** Stated time of the first event, ms; the last is `spanMs` later. */
  from: number;
  /** 8 minutes unless told: longer than the windows of the scenario rules. */
  spanMs?: number;
  /** How often hosts, users and databases are replaced by new ones, so that alerts open all along; 1 unless told. */
  phases?: number;
}

interface Draw {
  next: () => number;
  below: (n: number) => number;
  /** One of `n` names beginning so, in this phase. */
  one: (name: string, n: number) => string;
}
/** `key` groups what has to stay in order, because a window is judged over it. */
type Kind = (draw: Draw) => Omit<StatedEvent, 'event_id' | 'timestamp'> & { key?: string };

const agent = { source: 'agent', severity: 'INFO' } as const;

/** What the rules read, and beside each what they must not take. */
const MATCHING: readonly Kind[] = [
  ({ below, one }) => ({
    ...agent,
    type: 'metric.disk',
    service: `shop-${below(2)}`,
    payload: { host: one('web', 3), mount: '/var', value_percent: 90 + below(10) },
  }),
  ({ below, next, one }) => {
    const user = one('user', 8);
    const outcome = next() < 0.8 ? 'failure' : 'success';
    const payload = { user, outcome, ip: `192.0.2.${below(9)}` };
    return { ...agent, type: 'auth.login', service: 'auth', payload, key: user };
  },
  ({ next, one }) => {
    const user = one('clerk', 4);
    const payload = { user, table: 'patients', rows: 1, sensitive: next() < 0.9, off_hours: false };
    return { ...agent, type: 'data.access', service: 'records', payload, key: user };
  },
  ({ one }) => {
    const database = one('orders', 3);
    const payload = { database, error: 'refused' };
    return { ...agent, type: 'db.query_failed', service: 'orders', payload, key: database };
  },
  ({ next, one }) => ({
    ...agent,
    type: one('ledger.corrupt', 3),
    service: 'payments',
    severity: next() < 0.7 ? 'fatal' : 'ERROR',
    payload: {},
  }),
  ({ one }) => ({
    ...agent,
    type: 'scenario.host',
    service: 'fleet',
    payload: { host: one('host', 12) },
  }),
  ({ one }) => {
    const host = one('burst', 4);
    return { ...agent, type: 'scenario.burst', service: 'fleet', payload: { host }, key: host };
  },
  ({ below, one }) => {
    const user = one('nomad', 4);
    const payload = { user, ip: `198.51.100.${below(6)}` };
    return { ...agent, type: 'scenario.spread', service: 'auth', payload, key: user };
  },
];

const QUIET: readonly Kind[] = [
  ({ below }) => ({
    ...agent,
    type: 'order.placed',
    service: 'shop-0',
    payload: { total: below(900) },
  }),
  ({ below }) => ({
    ...agent,
    type: 'page.viewed',
    service: 'shop-1',
    payload: { page: below(40) },
  }),
  ({ next }) => ({
    ...agent,
    type: 'queue.depth',
    service: 'orders',
    severity: 'high',
    payload: { depth: next() },
  }),
];

/**
 * Events in order of their stated time, the same for the same options. Every tenth has no id of its
 * own. Events of one window share a partition key, as a producer that wants order would put them.
 */
export function makeWorkload(options: WorkloadOptions): Put[] {
  const { events, seed, matching = 0.01, from, spanMs = 480_000, phases = 1 } = options;
  const next = seededChance(seed).next;
  const below = (n: number) => Math.floor(next() * n);
  return Array.from({ length: events }, (_, n) => {
    const phase = Math.floor((n * phases) / events);
    const draw: Draw = { next, below, one: (name, count) => `${name}-${phase}.${below(count)}` };
    const kinds = next() < matching ? MATCHING : QUIET;
    const { key, ...stated } = kinds[draw.below(kinds.length)]!(draw);
    const event: StatedEvent = {
      ...(n % 10 > 0 && { event_id: `event-${seed}-${n}` }),
      ...stated,
      timestamp: new Date(from + Math.floor((n * spanMs) / events)).toISOString(),
      payload: { ...stated.payload, n },
    };
    return { event, partition_key: key ?? `key-${draw.below(64)}` };
  });
}

/** Each put one to four times; no copy comes more than `shuffleMs` of stated time out of its place. */
export function repeatAndShuffle(puts: readonly Put[], seed: number, shuffleMs: number): Put[] {
  const next = seededChance(seed).next;
  return puts
    .flatMap((put) =>
      Array.from({ length: 1 + Math.floor(next() * 4) }, () => ({
        put,
        at: Date.parse(put.event.timestamp) + next() * shuffleMs,
      })),
    )
    .sort((a, b) => a.at - b.at)
    .map(({ put }) => put);
}
