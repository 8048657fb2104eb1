import * as z from 'zod';

import { CHANNELS } from '#shared/notification/schema.ts';

/** Who is told when: `match` is an EventBridge pattern over the alert. Delays in minutes. */
export const EscalationPolicy = z.object({
  policy_id: z.string(),
  name: z.string(),
  match: z.record(z.string(), z.unknown()),
  /** Policies are tried in ascending order; the first that matches is the alert's. */
  order: z.number().int(),
  steps: z.array(
    z.object({
      delay_minutes: z.number().min(0),
      targets: z.array(z.object({ channel: z.enum(CHANNELS), destination: z.string() })),
    }),
  ),
  repeat: z.number().int().min(0),
  ack_timeout_minutes: z.number().min(0).optional(),
  enabled: z.boolean(),
  version: z.number().int(),
});
export type EscalationPolicy = z.infer<typeof EscalationPolicy>;

/** A promise to act at a time. The row is the truth; an SQS message is only a hint. */
export interface Timer {
  tenant: string;
  alert_id: string;
  step: number;
  kind: 'escalate';
  due_at: string;
  policy_id: string;
  policy_version: number;
  revision: number;
}
