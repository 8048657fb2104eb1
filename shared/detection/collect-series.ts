import type { CompiledRule, RuleSet } from '#shared/rule/compile-rule-set.ts';

import type { FoldPoint } from './fold.ts';
import { MatchTally } from './match-tally.ts';
import type { StreamEvent } from './read-records.ts';

/** All a batch holds for one group of one rule: what is folded and committed together. */
export interface SeriesWork {
  tenant: string;
  shard: string;
  compiled: CompiledRule;
  series_key: string;
  group: Record<string, string>;
  /** In stream order; ≥ 1. */
  points: FoldPoint[];
}

/** Events that a rule threw on. */
export interface FaultedEvents {
  tenant: string;
  rule_id: string;
  detail: string;
  events: readonly StreamEvent[];
}

/** What the events of a batch mean to the rules: work by series in order of its first record, and faults. */
interface Collected {
  work: SeriesWork[];
  faults: FaultedEvents[];
  matches: number;
  tally: MatchTally;
}

/** Matches every event against its tenant's rules and gathers the points of each (rule, series). */
export function collectSeries(
  events: readonly StreamEvent[],
  rules: ReadonlyMap<string, RuleSet>,
): Collected {
  const shards = new Map<string, Map<CompiledRule, Map<string, SeriesWork>>>();
  const tally = new MatchTally();
  const collected: Collected = { work: [], faults: [], matches: 0, tally };
  for (const origin of events) {
    const { tenant, record, event, at, stated_at } = origin;
    const { matches, faults } = rules.get(tenant)!.match(event);
    for (const { rule_id, error } of faults)
      collected.faults.push({ tenant, rule_id, detail: error.message, events: [origin] });
    if (matches.length === 0) continue;
    for (const { compiled, group_key, group, value } of matches) {
      collected.matches++;
      tally.add(tenant, record, compiled.rule.rule_id);
      const point = { event_id: event.event_id, at, stated_at, value };
      const item: FoldPoint = { sequence: record.sequence, event, point };
      const groups = within(within(shards, record.shard), compiled);
      const found = groups.get(group_key);
      if (found) found.points.push(item);
      else {
        const { shard } = record;
        const work = { tenant, shard, compiled, series_key: group_key, group, points: [item] };
        groups.set(group_key, work);
        collected.work.push(work);
      }
    }
  }
  return collected;
}

/** The inner map of a key, made when there is none. */
function within<Key, InnerKey, Value>(
  outer: Map<Key, Map<InnerKey, Value>>,
  key: Key,
): Map<InnerKey, Value> {
  let inner = outer.get(key);
  if (!inner) outer.set(key, (inner = new Map()));
  return inner;
}
