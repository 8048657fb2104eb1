import * as z from 'zod';

import { Grouping } from '#shared/grouping/schema.ts';
import { CHANNELS } from '#shared/notification/schema.ts';

/** Where a step tells somebody: a destination of a channel, or whoever a schedule has on call by then. */
export const TARGET_CHANNELS = [...CHANNELS, 'schedule'] as const;

export const EscalationTarget = z.object({
  channel: z.enum(TARGET_CHANNELS),
  /** The id of a channel configuration, e.g. `slack-ops`; for `schedule` the schedule's id. */
  destination: z.string().min(1).max(128),
});
export type EscalationTarget = z.infer<typeof EscalationTarget>;

const Minutes = z.number().min(0).max(43_200);

export const EscalationStep = z.object({
  /** Since the step before it was taken, or since the alert opened; fractions are fine. */
  delay_minutes: Minutes,
  targets: z.array(EscalationTarget).min(1).max(20),
});

/** Who is told when: `match` is an EventBridge pattern over the alert. Delays in minutes. */
export const EscalationPolicy = z.object({
  policy_id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'is a-z, 0-9 and "-", at most 64'),
  name: z.string().min(1).max(128),
  /** An empty pattern holds for every alert. */
  match: z.record(z.string(), z.unknown()).default({}),
  /** Policies are tried in ascending order; the first that matches is the alert's. */
  order: z.number().int().min(0).max(1_000_000).default(100),
  steps: z.array(EscalationStep).min(1).max(20),
  /** How often all steps are taken once more while nobody answers. */
  repeat: z.number().int().min(0).max(10).default(0),
  /** Between the last step and its repetition; absent: the longest delay of the steps, at least 5. */
  repeat_delay_minutes: Minutes.optional(),
  /** An acknowledged alert that nobody resolves for so long opens again; absent: never. */
  ack_timeout_minutes: z.number().gt(0).max(43_200).optional(),
  /** So many different people have to acknowledge before the escalation stops. */
  acknowledgements: z.number().int().min(1).max(5).default(1),
  /** Alerts that belong together are told in one message; absent: each by itself. */
  grouping: Grouping.optional(),
  enabled: z.boolean().default(true),
  version: z.number().int().default(1),
  author: z.string().default('system'),
  updated_at: z.string().default('1970-01-01T00:00:00.000Z'),
  removed: z.boolean().optional(),
});
export type EscalationPolicy = z.infer<typeof EscalationPolicy>;

/** What a timer sets off. */
export const TIMER_KINDS = [
  'escalate',
  'ack_timeout',
  'recheck',
  'silence_reminder',
  'group',
] as const;
export type TimerKind = (typeof TIMER_KINDS)[number];

/**
 * A promise to act at a time, keyed by alert, kind and step. The row is the truth; an SQS message is
 * only a hint. `step` is what the alert's level will be (`escalate`), or 0; `recheck` decides again
 * about an alert that is held back. A `silence_reminder` has a silence in the place of the alert, a `group` a group of
 * alerts whose next message is due.
 */
export interface Timer {
  tenant: string;
  alert_id: string;
  step: number;
  kind: TimerKind;
  /** RFC 3339. */
  due_at: string;
  /** The policy that asked for it, as it stood then; the newest version counts when it is due. */
  policy_id?: string;
  policy_version?: number;
  revision: number;
}
