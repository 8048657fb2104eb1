import { type Backtest, NO_PROGRESS } from '#shared/backtest/schema.ts';

import { BUILT_AT } from './build-alert.ts';

/** A job that waits, over the hour before it was made. */
export function buildBacktest(fields: Partial<Backtest> = {}): Backtest {
  return {
    backtest_id: 'b1',
    tenant: 't1',
    state: 'QUEUED',
    kind: 'live',
    from: new Date(Date.parse(BUILT_AT) - 3_600_000).toISOString(),
    to: BUILT_AT,
    max_events: 1_000_000,
    created_at: BUILT_AT,
    created_by: 'user:ruth',
    progress: NO_PROGRESS,
    revision: 1,
    ...fields,
  };
}
