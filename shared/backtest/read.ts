import { requireScope } from '#shared/access/scope.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { BacktestStore } from '#shared/ports/backtest-store.ts';

import type { Backtest, BacktestResult } from './schema.ts';

/** A call to the runner is tried for less than this. */
const QUEUED_MS_MAX = 6 * 3_600_000;

/** The newest jobs of the tenant, without their results. Throws `forbidden`. */
export async function listBacktests(
  store: BacktestStore,
  ctx: Context,
  limit: number,
): Promise<Backtest[]> {
  requireScope(ctx, 'sentry.policy.read');
  const jobs = await store.list(ctx.tenant, limit);
  return jobs.map((job) => viewBacktest(job, ctx.now()));
}

/** One job, with its result once it is DONE. Throws `not_found`, `forbidden`. */
export async function getBacktest(
  store: BacktestStore,
  ctx: Context,
  backtestId: string,
): Promise<Backtest & { result?: BacktestResult }> {
  requireScope(ctx, 'sentry.policy.read');
  const job = viewBacktest(await readBacktest(store, ctx.tenant, backtestId), ctx.now());
  const result = job.state === 'DONE' ? await store.result(ctx.tenant, backtestId) : undefined;
  return { ...job, ...(result && { result }) };
}

/** The row as stored. Throws `not_found`. */
export async function readBacktest(
  store: BacktestStore,
  tenant: string,
  backtestId: string,
): Promise<Backtest> {
  const job = await store.get(tenant, backtestId);
  if (!job) throw new SentryError('not_found', `There is no backtest "${backtestId}".`);
  return job;
}

/** A job as it is at `now` (ms): one whose runner died or never came is FAILED, whatever its row says. Pure. */
export function viewBacktest(job: Backtest, now: number): Backtest {
  const died = job.state === 'RUNNING' && Date.parse(job.lease_until ?? job.created_at) <= now;
  const lost = job.state === 'QUEUED' && Date.parse(job.created_at) + QUEUED_MS_MAX <= now;
  if (!died && !lost) return job;
  const error = died
    ? 'The run stopped without a word; start it again.'
    : 'The run never started; start it again.';
  return { ...job, state: 'FAILED', error, ...(job.lease_until && { ended_at: job.lease_until }) };
}
