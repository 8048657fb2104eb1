import * as z from 'zod';

import { EventPattern } from '#shared/pattern/schema.ts';

/** Most steps of one sequence. */
const STEPS_MAX = 5;
/** Most events that one step may ask for. */
const TIMES_MAX = 20;

/** One step: the events that fit its pattern, of those the rule's own pattern selects. */
const Step = z.object({
  /** For people: `failed login`. */
  name: z.string().min(1).max(64),
  pattern: EventPattern,
  /** How many events the step takes before the next one is looked for; 1 unless told. */
  times: z.number().int().min(1).max(TIMES_MAX).optional(),
  /** Of the last step only: it is the absence of such an event within the window that fires. */
  absent: z.literal(true).optional(),
});
type Step = z.infer<typeof Step>;

export const SequenceConfig = z.object({
  kind: z.literal('sequence'),
  steps: z.array(Step).min(2).max(STEPS_MAX),
  /**
   * From the first event of the sequence to its last; and from there as long again without an event
   * of an absent step.
   */
  within_seconds: z
    .number()
    .int()
    .min(1)
    .max(86_400 * 7),
  /** How late an event may come and still be taken in its place; an absence is told so long after the window. 60 unless told. */
  grace_seconds: z.number().int().min(0).max(86_400).optional(),
});
export type SequenceConfig = z.infer<typeof SequenceConfig>;
