import { requireScope } from '#shared/access/scope.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { BacktestStore } from '#shared/ports/backtest-store.ts';

import { readBacktest, viewBacktest } from './read.ts';
import type { Backtest } from './schema.ts';
import { isActive } from './start.ts';

/** How often a race with the runner's progress is run again. */
const ATTEMPTS_MAX = 10;

/**
 * Cancels a job that waits or runs; its runner sees it with its next sign of life, about a second
 * later. A job that has ended stays as it is. Throws `not_found`, `forbidden`.
 */
export async function cancelBacktest(
  store: BacktestStore,
  ctx: Context,
  backtestId: string,
): Promise<Backtest> {
  requireScope(ctx, 'sentry.policy.write');
  for (let attempt = 1; ; attempt++) {
    const job = viewBacktest(await readBacktest(store, ctx.tenant, backtestId), ctx.now());
    if (!isActive(job)) return job;
    const ended_at = new Date(ctx.now()).toISOString();
    const cancelled: Backtest = {
      ...job,
      state: 'CANCELLED',
      ended_at,
      revision: job.revision + 1,
    };
    try {
      await store.save(cancelled);
      return cancelled;
    } catch (error) {
      const lost = error instanceof SentryError && error.code === 'conflict';
      if (!lost || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}
