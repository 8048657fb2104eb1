import { readRulePack } from '#infra/rule-pack.ts';

import { SCENARIO_RULES } from './rules.ts';
import type { StatedEvent } from './workload.ts';

/** An alert that must stand in the end. */
export interface ExpectedAlert {
  rule_id: string;
  group: readonly string[];
  count: number;
  severity: string;
}

/** What a rule means, said once more by hand: nothing here is the product's code. */
interface Meaning {
  rule_id: string;
  takes(event: StatedEvent): boolean;
  group(event: StatedEvent): string[];
  /** Absent for rules of single events. */
  window?: {
    ms: number;
    atLeast: number;
    distinct?: (event: StatedEvent) => unknown;
    /** What must come after the others, at most `ms` after the first; they count up to it. */
    followedBy?: (event: StatedEvent) => boolean;
  };
}

const text = (value: unknown) => String(value);

const MEANINGS: readonly Meaning[] = [
  {
    rule_id: 'disk-full',
    takes: ({ type, payload }) =>
      type === 'metric.disk' && (payload['value_percent'] as number) >= 95,
    group: ({ service, payload }) => [service, text(payload['host']), text(payload['mount'])],
  },
  {
    rule_id: 'critical-event',
    takes: ({ type, severity }) => type.startsWith('ledger.') && severity === 'fatal',
    group: ({ service, source, type }) => [service, source, type],
  },
  {
    rule_id: 'scenario-host',
    takes: ({ type }) => type === 'scenario.host',
    group: ({ payload }) => [text(payload['host'])],
  },
  {
    rule_id: 'brute-force-login',
    takes: ({ type, payload }) => type === 'auth.login' && payload['outcome'] === 'failure',
    group: ({ payload }) => [text(payload['user'])],
    window: { ms: 600_000, atLeast: 5 },
  },
  {
    rule_id: 'password-guessed',
    takes: ({ type }) => type === 'auth.login',
    group: ({ payload }) => [text(payload['user'])],
    window: {
      ms: 600_000,
      atLeast: 5,
      followedBy: ({ payload }) => payload['outcome'] === 'success',
    },
  },
  {
    rule_id: 'data-access-anomaly',
    takes: ({ type, payload }) => type === 'data.access' && payload['sensitive'] === true,
    group: ({ payload }) => [text(payload['user'])],
    window: { ms: 300_000, atLeast: 10 },
  },
  {
    rule_id: 'database-failure',
    takes: ({ type }) => type === 'db.query_failed',
    group: ({ service, payload }) => [service, text(payload['database'])],
    window: { ms: 120_000, atLeast: 3 },
  },
  {
    rule_id: 'scenario-burst',
    takes: ({ type }) => type === 'scenario.burst',
    group: ({ payload }) => [text(payload['host'])],
    window: { ms: 120_000, atLeast: 6 },
  },
  {
    rule_id: 'scenario-spread',
    takes: ({ type }) => type === 'scenario.spread',
    group: ({ payload }) => [text(payload['user'])],
    window: { ms: 180_000, atLeast: 4, distinct: ({ payload }) => payload['ip'] },
  },
];

/**
 * The alerts that a set of distinct events must open, and how many events each counts, by the plainest
 * reading there is: an event counts when some window (end − ms, end] ending at an event holds it and
 * reaches the limit. In no particular order.
 */
export function expectAlerts(events: readonly StatedEvent[]): ExpectedAlert[] {
  const severities = new Map(
    [...(readRulePack() as { rule_id: string; severity: string }[]), ...SCENARIO_RULES].map(
      ({ rule_id, severity }) => [rule_id, severity],
    ),
  );
  return MEANINGS.flatMap((meaning) => {
    const { rule_id } = meaning;
    const severity = severities.get(rule_id)!;
    const taken = events.filter((event) => meaning.takes(event));
    const groups = Map.groupBy(taken, (event) => JSON.stringify(meaning.group(event)));
    return [...groups].flatMap(([key, members]) => {
      const count = countOf(members, meaning.window);
      const group = JSON.parse(key) as string[];
      return count > 0 ? [{ rule_id, group, count, severity }] : [];
    });
  });
}

function countOf(events: readonly StatedEvent[], window: Meaning['window']): number {
  if (window === undefined) return events.length;
  const { followedBy } = window;
  const counted = new Set<StatedEvent>();
  for (const last of events) {
    if (followedBy && !followedBy(last)) continue;
    const end = Date.parse(last.timestamp);
    const inside = events.filter((event) => {
      const at = Date.parse(event.timestamp);
      if (followedBy) return at >= end - window.ms && at <= end && !followedBy(event);
      return at > end - window.ms && at <= end;
    });
    const { distinct } = window;
    const size = distinct ? new Set(inside.map(distinct)).size : inside.length;
    if (size < window.atLeast) continue;
    for (const event of followedBy ? [...inside, last] : inside) counted.add(event);
  }
  return counted.size;
}
