import * as z from 'zod';

/** Says only "look at this job": the row is the truth. */
export const BacktestCall = z.object({ tenant: z.string(), backtest_id: z.string() });
export type BacktestCall = z.infer<typeof BacktestCall>;

/** What starts a run. */
export interface BacktestQueue {
  /** Calls the runner after `delaySeconds` (0…900). Throws `unavailable`. */
  call(call: BacktestCall, delaySeconds: number): Promise<void>;
}
