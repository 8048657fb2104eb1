import type { Warn } from '#functions/_runtime/warn.ts';
import { runBacktest, type RunOutcome, type RunPorts } from '#shared/backtest/run.ts';
import type { Clock } from '#shared/kernel/context.ts';
import { BacktestCall } from '#shared/ports/backtest-queue.ts';

/** An SQS batch of calls. */
export interface BacktestEvent {
  Records: readonly { messageId: string; body: string }[];
}

/** Lambda ends the function after 15 minutes; a run stops by itself before that and says where. */
const RUN_MS = 13 * 60_000;

function readCall(body: string): BacktestCall | undefined {
  try {
    return BacktestCall.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

/**
 * Each call → one run; only one whose end could not be written comes again. A message that is no call
 * is warned about and dropped.
 */
export async function backtest(
  ports: RunPorts,
  event: BacktestEvent,
  clock: Clock,
  report: { warn: Warn; ended(call: BacktestCall, outcome: RunOutcome): void },
): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { messageId, body } of event.Records) {
    const call = readCall(body);
    if (call === undefined) {
      report.warn('not a backtest call', { messageId });
      continue;
    }
    try {
      report.ended(call, await runBacktest(ports, clock, call, { run_ms: RUN_MS }));
    } catch (error) {
      report.warn('backtest not run', { ...call, error: String(error) });
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}
