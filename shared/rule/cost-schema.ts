import * as z from 'zod';

/** What a rule costs while it evaluates, measured when this version of it was saved. */
export const RuleCost = z.object({
  /** Nanoseconds for each event, the rule alone, over the events of cost-sample.ts. */
  cost_ns: z.number().int().min(0),
  /** False: no event can be told apart from those it selects without trying the rule. */
  indexed: z.boolean(),
});
export type RuleCost = z.infer<typeof RuleCost>;
