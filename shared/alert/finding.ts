import type { EventRecord } from '#shared/event/schema.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';

import type { Explanation } from './schema.ts';

/** What one rule found in one batch for one group: the reason to open an alert or to count on one. */
export interface Finding {
  rule: DetectionRule;
  group_key: string;
  /** The group-by fields and their values, for people. */
  group: Record<string, string>;
  /** Rendered from the rule's template and the first event. */
  title: string;
  /** Events that newly belong to the finding; ≥ 1. */
  occurrences: number;
  /** Why, in the detector's numbers, as of the last match. */
  explain: Explanation;
  /** The events in hand that belong to it, oldest first; ≥ 1. */
  events: readonly EventRecord[];
  /** RFC 3339 of the earliest event that belongs to it, in hand or not; absent when all are in hand. */
  since?: string;
  /** True while the series is too new to be trusted: INFO at most, and told to nobody. */
  warming?: boolean;
  /** True when duplicates can no longer be told exactly. */
  approximate?: boolean;
}

/** Earliest and latest time of the finding's events, RFC 3339 in UTC. */
export function spanOf(finding: Finding): { first_seen: string; last_seen: string } {
  let last_seen = finding.events[0]!.timestamp;
  let first_seen = finding.since ?? last_seen;
  for (const { timestamp } of finding.events) {
    if (timestamp < first_seen) first_seen = timestamp;
    if (timestamp > last_seen) last_seen = timestamp;
  }
  return { first_seen, last_seen };
}
