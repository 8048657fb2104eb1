import * as z from 'zod';

import { Explanation } from '#shared/alert/schema.ts';

/** Events to run a rule over, by themselves: nothing is carried over from one batch to the next. */
export const TrialBatch = z.object({
  name: z.string().max(256).optional(),
  /** What the author thinks; the verdict then says whether that is so. */
  expect: z.enum(['fires', 'quiet']).optional(),
  /**
   * In any form producers may send; a string is the text of a record, NDJSON too. `timestamp` may be
   * `+<seconds>` from the first.
   */
  events: z.array(z.unknown()).min(1).max(1_000),
});
export type TrialBatch = z.infer<typeof TrialBatch>;

/** What the rule said of one batch. `fault`: the rule broke, or none of the events could be read. */
export const TrialVerdict = z.object({
  name: z.string(),
  verdict: z.enum(['fires', 'quiet', 'fault']),
  expected: z.enum(['fires', 'quiet']).optional(),
  /** Whether verdict and expectation agree; absent without an expectation. */
  passed: z.boolean().optional(),
  /** One line: the finding's summary, or why there is none. */
  detail: z.string(),
  /** One for each group that the pattern selected events of. */
  groups: z.array(
    z.object({
      group: z.record(z.string(), z.string()),
      matched: z.number().int(),
      occurrences: z.number().int(),
      /** Left out because the same event came before. */
      duplicates: z.number().int(),
      /** What the detector could not use, by reason. */
      skipped: z.record(z.string(), z.number().int()).optional(),
      /** It fired only while its series was too new to be trusted: INFO, and told to nobody. */
      warming: z.boolean().optional(),
      title: z.string().optional(),
      explanation: Explanation.optional(),
    }),
  ),
  /** Events that could be read. */
  events: z.number().int(),
  /** Those that could not, by their index in the batch, as quarantine would hold them. */
  rejects: z.array(z.object({ index: z.number().int(), reason: z.string(), detail: z.string() })),
});
export type TrialVerdict = z.infer<typeof TrialVerdict>;
