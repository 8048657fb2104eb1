import * as z from 'zod';

import { SEVERITIES } from '#shared/kernel/severity.ts';

/**
 * Which alerts of an escalation policy are told together, and when, as a route of Alertmanager has it.
 * Alerts that agree in every field of `by` are one group; with no field all of the policy are one.
 */
export const Grouping = z.object({
  by: z
    .array(
      z
        .string()
        .regex(
          /^(service|severity|rule_id|category|incident_id|(labels|group)\..{1,128})$/,
          'is service, severity, rule_id, category, incident_id, labels.<name> or group.<name>',
        ),
    )
    .max(10)
    .default(['service']),
  /** A new group waits so long for more before its first message. */
  wait_seconds: z.number().min(0).max(3_600).default(30),
  /** Between two messages of a group that changed. */
  interval_seconds: z.number().min(10).max(86_400).default(300),
  /** A group that fires on without a change is told again after so long. */
  repeat_seconds: z.number().min(60).max(2_592_000).default(14_400),
  /** In the place of the wait and of the interval where a CRITICAL alert is new. */
  critical_wait_seconds: z.number().min(0).max(3_600).default(0),
});
export type Grouping = z.infer<typeof Grouping>;

/** An alert of a group, as the alert's own commits and the group's messages keep it. */
export const GroupMember = z.object({
  alert_id: z.string(),
  state: z.enum(['OPEN', 'ACK', 'RESOLVED']),
  severity: z.enum(SEVERITIES),
  /** True while something else, e.g. a silence, holds it back: it is not named. */
  held: z.boolean().optional(),
  /** True once a message named it as firing. */
  told: z.boolean().optional(),
});
export type GroupMember = z.infer<typeof GroupMember>;

/** What the newest message of a group says. */
export const GroupMessage = z.object({
  /** From 1, within the episode. */
  number: z.number().int(),
  at: z.string(),
  reason: z.enum(['first', 'firing', 'resolved', 'repeat', 'over']),
  firing: z.array(z.string()),
  resolved: z.array(z.string()),
});
export type GroupMessage = z.infer<typeof GroupMessage>;

/**
 * Alerts that are told together. It speaks through an alert of its own, which its first message opens
 * and which escalates, is acknowledged and resolved as any other. Times are RFC 3339 UTC.
 */
export const AlertGroup = z.object({
  alert_group_id: z.string(),
  tenant: z.string(),
  policy_id: z.string(),
  /** As the policy had it when the episode began. */
  settings: Grouping,
  /** The fields of `by` and their values. */
  labels: z.record(z.string(), z.string()),
  /** Counts how often it began anew after all its alerts were over. */
  episode: z.number().int(),
  members: z.array(GroupMember),
  /** The alert it speaks through; absent until the first message of the episode. */
  alert_id: z.string().optional(),
  message: GroupMessage.optional(),
  /** When it was last looked at; messages come whole intervals later. */
  looked_at: z.string().optional(),
  /** Somebody acknowledged or resolved the group's alert: these alerts follow, one by one. */
  wish: z
    .object({ state: z.enum(['ACK', 'RESOLVED']), by: z.string(), alert_ids: z.array(z.string()) })
    .optional(),
  /** Its one timer as it stands. */
  timer: z.object({ due_at: z.string(), revision: z.number().int() }).optional(),
  /** When the last of its alerts was told to be over; absent while it stands. */
  ended_at: z.string().optional(),
  revision: z.number().int(),
});
export type AlertGroup = z.infer<typeof AlertGroup>;
