import * as z from 'zod';

/** What a line is about. */
export const EXPLAIN_KINDS = [
  'event',
  'rule',
  'dedup',
  'suppression',
  'grouping',
  'incident',
  'policy',
  'schedule',
  'step',
  'delivery',
  'person',
  'other',
] as const;

/** Every reason there is, by name; screens, tests and people may rely on them. */
export const EXPLAIN_OUTCOMES = [
  // An event that opened nothing.
  'not_in_archive',
  'quarantined',
  'not_read_whole',
  'event_found',
  'no_pattern_matched',
  'rule_draft',
  'rule_disabled',
  'rule_archived',
  'rule_broken',
  'below_threshold',
  'fired_unseen',
  // The rule and its alert.
  'rule_matched',
  'rule_of_sentry',
  'rule_forgotten',
  'opened',
  'new_episode',
  'reopened',
  'counted_on_open_alert',
  'severity_changed',
  'joined_incident',
  // What holds it back.
  'staged',
  'warming',
  'silenced',
  'inhibited',
  'maintenance',
  'fatigue',
  'grouped',
  'held_back',
  'released',
  // What tells of it.
  'joined_group',
  'told_in_group',
  'group_message',
  // Who is told.
  'policy_chosen',
  'no_policy',
  'policy_exhausted',
  'on_call',
  'nobody_on_call',
  'schedule_gone',
  'reached_nobody',
  'too_many_targets',
  'told',
  'told_again',
  'fell_back_to_secondary',
  // What became of the messages.
  'delivered',
  'delivery_failed',
  'delivery_dead',
  'delivery_pending',
  'redriven',
  'not_needed_acknowledged',
  'not_needed_resolved',
  'not_needed',
  // What people and timers did.
  'acknowledged',
  'acknowledged_in_part',
  'acknowledged_before_step',
  'acknowledgement_ended',
  'resolved',
  'resolved_before_step',
  'assigned',
  'noted',
] as const;
export type ExplainOutcome = (typeof EXPLAIN_OUTCOMES)[number];

/** One thing that was decided or happened, and why. */
export const ExplainLine = z.object({
  /** RFC 3339. */
  at: z.string(),
  kind: z.enum(EXPLAIN_KINDS),
  outcome: z.enum(EXPLAIN_OUTCOMES),
  /** One clean line for people. */
  sentence: z.string(),
  /** What it names: `rule_id`, `rule_version`, `delivery_key`, `silence_id` and the like. */
  ids: z.record(z.string(), z.string()),
});
export type ExplainLine = z.infer<typeof ExplainLine>;

/** Where events were looked for. Times are RFC 3339. */
export const ArchiveSearch = z.object({
  from: z.string(),
  to: z.string(),
  objects: z.number().int(),
  events: z.number().int(),
  /** The first of the objects read, and those that could not be. */
  read: z.array(z.string()),
  faulty: z.array(z.string()),
  /** False when a bound was reached before the whole span was read. */
  complete: z.boolean(),
});
export type ArchiveSearch = z.infer<typeof ArchiveSearch>;

/** Why people were, were not or would be told. */
export const Explained = z.object({
  subject: z.object({ kind: z.enum(['alert', 'event', 'draft']), id: z.string() }),
  /** The answer in one reason: for what told nobody the first reason why not. */
  outcome: z.enum(EXPLAIN_OUTCOMES),
  sentence: z.string(),
  /** In order of time; what was decided at the same time in the order it was decided. */
  lines: z.array(ExplainLine),
  /** There is more than was read. */
  truncated: z.boolean(),
  /** The alert that the event is counted on. */
  alert_id: z.string().optional(),
  archive: ArchiveSearch.optional(),
});
export type Explained = z.infer<typeof Explained>;
