import type { Clock } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { BacktestCall, BacktestQueue } from '#shared/ports/backtest-queue.ts';
import type { BacktestStore } from '#shared/ports/backtest-store.ts';

import { JobLife, Stopped } from './job-life.ts';
import { replayJob, type ReplayPorts } from './replay-job.ts';
import type { Backtest } from './schema.ts';
import { isActive } from './start.ts';

/** Looked at again after this when another job of the tenant runs. */
const WAIT_SECONDS = 10;

export interface RunPorts extends ReplayPorts {
  backtests: BacktestStore;
  queue: BacktestQueue;
}

/** What became of a call. */
export type RunOutcome = 'done' | 'failed' | 'cancelled' | 'waiting' | 'nothing to do';

/**
 * Runs a job from QUEUED to its end, one job per tenant at a time; another is called again later. A job
 * whose former run died is marked FAILED, never run twice. What goes wrong inside makes it FAILED with
 * the reason; throws only when not even that could be written, so that the call comes again.
 */
export async function runBacktest(
  ports: RunPorts,
  clock: Clock,
  call: BacktestCall,
  limits: { run_ms: number },
): Promise<RunOutcome> {
  const job = await ports.backtests.get(call.tenant, call.backtest_id);
  if (!job || !isActive(job)) return 'nothing to do';
  const life = new JobLife(ports.backtests, clock, job);
  if (job.state === 'RUNNING') {
    if (Date.parse(job.lease_until ?? job.created_at) > clock.now()) return 'nothing to do';
    await life.end('FAILED', { error: 'The run stopped without a word; start it again.' });
    return 'failed';
  }
  if (!(await life.takePlace())) {
    await ports.queue.call(call, WAIT_SECONDS);
    return 'waiting';
  }
  try {
    return await runInPlace(ports, job, life, limits.run_ms);
  } catch (error) {
    if (error instanceof Stopped) return 'cancelled';
    throw error;
  } finally {
    await life.leavePlace();
  }
}

async function runInPlace(
  ports: RunPorts,
  job: Backtest,
  life: JobLife,
  runMs: number,
): Promise<RunOutcome> {
  await life.begin();
  try {
    await life.end('DONE', { result: await replayJob(ports, job, life, runMs) });
    return 'done';
  } catch (error) {
    if (error instanceof Stopped) throw error;
    await life.end('FAILED', { error: reasonOf(error) });
    return 'failed';
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof SentryError) return error.message;
  return `A fault of ours: ${String(error).slice(0, 300)}`;
}
