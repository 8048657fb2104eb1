import * as z from 'zod';

import { Evidence, Explanation } from '#shared/alert/schema.ts';
import { SEVERITIES } from '#shared/kernel/severity.ts';

export const BACKTEST_STATES = ['QUEUED', 'RUNNING', 'DONE', 'CANCELLED', 'FAILED'] as const;

/** How far a run has come. */
export const BacktestProgress = z.object({
  objects_read: z.number().int(),
  /** Archive objects of the hours in question; 0 until they are counted. */
  objects_total: z.number().int(),
  events: z.number().int(),
  /** Events that the rule's pattern selects, each counted once. */
  matches: z.number().int(),
  alerts: z.number().int(),
  elapsed_seconds: z.number(),
});
export type BacktestProgress = z.infer<typeof BacktestProgress>;

/** One run of a rule over archived events. Times are RFC 3339 UTC; `from` ≤ arrival < `to`. */
export const Backtest = z.object({
  backtest_id: z.string(),
  tenant: z.string(),
  state: z.enum(BACKTEST_STATES),
  /** A draft is nowhere stored; `live` stands for all rules in force. */
  kind: z.enum(['draft', 'stored', 'live']),
  /** Absent for `live`. */
  rule_id: z.string().optional(),
  rule_version: z.number().int().optional(),
  from: z.string(),
  to: z.string(),
  max_events: z.number().int(),
  created_at: z.string(),
  created_by: z.string(),
  started_at: z.string().optional(),
  ended_at: z.string().optional(),
  progress: BacktestProgress,
  /** Why a FAILED run failed. */
  error: z.string().optional(),
  /** While RUNNING: a run that has not said anything until then is dead, and shown as FAILED. */
  lease_until: z.string().optional(),
  revision: z.number().int(),
});
export type Backtest = z.infer<typeof Backtest>;

/** An alert that the rule would have opened. */
export const BacktestAlert = z.object({
  alert_id: z.string(),
  rule_id: z.string(),
  group: z.record(z.string(), z.string()),
  episode: z.number().int(),
  severity: z.enum(SEVERITIES),
  title: z.string(),
  count: z.number().int(),
  opened_at: z.string(),
  first_seen: z.string(),
  last_seen: z.string(),
  /** The detector's own words. */
  summary: z.string(),
});
export type BacktestAlert = z.infer<typeof BacktestAlert>;

/** What a run found. Lists are cut to what fits one row; their totals are not. */
export const BacktestResult = z.object({
  events: z.number().int(),
  matches: z.number().int(),
  /** By first event; at most 200 of `alerts_total`, fewer when they are long. */
  alerts: z.array(BacktestAlert),
  alerts_total: z.number().int(),
  /** Every hour of the period, so that it can be drawn as it is. */
  hours: z.array(
    z.object({ hour: z.string(), matches: z.number().int(), alerts: z.number().int() }),
  ),
  /** Live rules whose alerts hold events that the backtested rule selects too; the 50 that share most. */
  overlap: z.array(
    z.object({
      rule_id: z.string(),
      name: z.string(),
      shared_events: z.number().int(),
      alerts: z.number().int(),
      /** At most 10 of them. */
      alert_ids: z.array(z.string()),
    }),
  ),
  /** The first events that the pattern selects, and why. */
  examples: z.array(
    z.object({
      rule_id: z.string(),
      event: Evidence,
      group: z.record(z.string(), z.string()),
      explanation: Explanation,
    }),
  ),
  /** Alerts whose series stayed too new to be trusted: held back at INFO. */
  warming: z.number().int(),
  rule_faults: z.number().int(),
  /** Archived input that could not be read as events. */
  refused: z.number().int(),
  duplicates: z.number().int(),
  run_seconds: z.number(),
  events_per_second: z.number(),
  /** Present when the run ended before the period did. */
  truncated: z
    .object({
      reason: z.enum(['max_events', 'time', 'alerts', 'series']),
      /** The period was worked through up to here. */
      until: z.string(),
    })
    .optional(),
  /** Archive objects that could not be read, or not whole. */
  faulty_objects: z.object({
    total: z.number().int(),
    items: z.array(z.object({ key: z.string(), reason: z.string() })),
  }),
});
export type BacktestResult = z.infer<typeof BacktestResult>;

/** Of a job that has not begun. */
export const NO_PROGRESS: BacktestProgress = {
  objects_read: 0,
  objects_total: 0,
  events: 0,
  matches: 0,
  alerts: 0,
  elapsed_seconds: 0,
};
