import * as z from 'zod';

import type { SelfResolves } from '#shared/fatigue/schema.ts';
import { SEVERITIES } from '#shared/kernel/severity.ts';

export const ALERT_STATES = ['OPEN', 'ACK', 'RESOLVED'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** One event kept as evidence. `payload_json` is opaque text, at most 4 KiB, cut with `…`. */
export const Evidence = z.object({
  event_id: z.string(),
  timestamp: z.string(),
  source: z.string(),
  type: z.string(),
  severity: z.enum(SEVERITIES),
  service: z.string().optional(),
  /** True when the producer's own time was too far off, so that `timestamp` is another. */
  clock_skewed: z.boolean().optional(),
  payload_json: z.string(),
});
export type Evidence = z.infer<typeof Evidence>;

/** Why a rule fired, in its own numbers. */
export const Explanation = z.object({
  detector: z.string(),
  summary: z.string(),
  expected: z.string(),
  observed: z.string(),
  score: z.number().optional(),
  window_seconds: z.number().optional(),
  values: z.record(z.string(), z.string()).optional(),
});
export type Explanation = z.infer<typeof Explanation>;

/** A deduplicated work item: one per tenant, rule, group and episode. Times are RFC 3339 UTC. */
export const Alert = z.object({
  alert_id: z.string(),
  tenant: z.string(),
  rule_id: z.string(),
  rule_version: z.number().int(),
  event_id: z.string(),
  title: z.string(),
  service: z.string(),
  severity: z.enum(SEVERITIES),
  category: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  runbook_url: z.string().optional(),
  group_key: z.string(),
  /** The group-by fields and their values, for people. */
  group: z.record(z.string(), z.string()),
  episode: z.number().int(),
  state: z.enum(ALERT_STATES),
  assigned_to: z.string().optional(),
  acknowledged_by: z.string().optional(),
  /** Who acknowledged so far, in order, where the policy asks for several people. */
  acknowledgements: z.array(z.object({ actor: z.string(), at: z.string() })).optional(),
  /** Acknowledgements by different people after which it is ACK; absent: one. */
  acknowledgements_needed: z.number().int().optional(),
  /** An acknowledgement lasts so long unless it is resolved; absent: for good. */
  ack_timeout_minutes: z.number().optional(),
  resolved_by: z.string().optional(),
  resolved_at: z.string().optional(),
  created_at: z.string(),
  /** When it last came back after it was resolved. */
  reopened_at: z.string().optional(),
  updated_at: z.string(),
  first_seen: z.string(),
  last_seen: z.string(),
  /** Matching events, each counted once. */
  count: z.number().int(),
  /** True once an episode outgrew exact duplicate detection (see ADR 0006). */
  count_approximate: z.boolean().optional(),
  /** Escalation steps taken so far, repetitions included; only grows. */
  escalation_level: z.number().int(),
  /** The level at which its policy last began with its first step; absent: 0. */
  escalation_from: z.number().int().optional(),
  /** When it next tells people by itself: the next step, or the end of its acknowledgement. */
  next_escalation_at: z.string().optional(),
  policy_id: z.string().optional(),
  /** How likely it is to be over by itself within five minutes, 0 … 1, as known when it began to fire. */
  fatigue_score: z.number().optional(),
  suppressed_by: z.array(z.object({ reason: z.string(), id: z.string().optional() })),
  incident_id: z.string().optional(),
  /** The group that tells of it, where its policy tells of alerts together. */
  alert_group_id: z.string().optional(),
  /** The first five and the last five events. */
  evidence: z.object({ first: z.array(Evidence), last: z.array(Evidence) }),
  explain: Explanation,
  /** Grows with every change of state, assignee or severity; what `If-Match` and `if_version` compare. */
  version: z.number().int(),
  /** Grows with every write, occurrences included; orders live updates. */
  revision: z.number().int(),
});
export type Alert = z.infer<typeof Alert>;

/** Remembers the newest episode of one (rule, group), so that a match finds its alert. */
export interface AlertPointer {
  tenant: string;
  rule_id: string;
  group_key: string;
  alert_id: string;
  episode: number;
  state: 'OPEN' | 'RESOLVED';
  /** RFC 3339; absent while open. */
  resolved_at?: string;
  /** How its alerts ended so far; absent before the first. */
  fatigue?: SelfResolves;
  revision: number;
}
