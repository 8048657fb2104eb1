import * as z from 'zod';

import { TIMER_KINDS } from '#shared/escalation/schema.ts';

/** Longest delay of one hop, in seconds (SQS DelaySeconds). */
export const HINT_SECONDS_MAX = 900;

/** Says only "look at this row then": the row is the truth, and a hint may be lost, late or doubled. */
export const Hint = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('delivery'),
    tenant: z.string(),
    alert_id: z.string(),
    delivery_key: z.string(),
  }),
  z.object({
    kind: z.literal('timer'),
    tenant: z.string(),
    alert_id: z.string(),
    timer: z.enum(TIMER_KINDS),
    step: z.number().int(),
  }),
]);
export type Hint = z.infer<typeof Hint>;
export type DeliveryHint = Extract<Hint, { kind: 'delivery' }>;

/** Makes timers punctual to about a second between two sweeps. */
export interface TimerHint {
  /** Wakes the escalator after `delayMs`, or after 15 minutes when that is sooner. Throws `unavailable`. */
  hint(hint: Hint, delayMs: number): Promise<void>;
}
