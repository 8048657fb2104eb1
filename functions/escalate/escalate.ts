import type { Warn } from '#functions/_runtime/warn.ts';
import { sendCanary, type SendCanaryPorts } from '#shared/canary/send-canary.ts';
import { sweepSeries, type SweepSeriesPorts } from '#shared/detection/sweep-series.ts';
import { takeTimer } from '#shared/escalation/take-timer.ts';
import { sweep, type SweepPorts } from '#shared/escalation/sweep.ts';
import type { Context } from '#shared/kernel/context.ts';
import { followHint } from '#shared/notification/follow-hint.ts';
import { Hint, type TimerHint } from '#shared/ports/timer-hint.ts';
import { rememberRules } from '#shared/response/remember-rules.ts';

/** An SQS batch of hints, or the schedule's event, which has no records. */
export interface EscalateEvent {
  Records?: readonly { messageId: string; body: string }[];
}
export interface BatchResponse {
  batchItemFailures: { itemIdentifier: string }[];
}
export type EscalatePorts = SweepPorts &
  SweepSeriesPorts & {
    timers: TimerHint;
    /** Absent where nothing is live. */
    canary?: SendCanaryPorts & { measure(latenessMs: number): void };
  };

function readHint(body: string): Hint | undefined {
  try {
    return Hint.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

/**
 * Hints → their deliveries are woken and their timers taken, each that fails stays in the queue. Schedule → a sweep of what is
 * owed and of the series that fell silent, and a canary; each is tried, and throws when it met a fault. A message that is no hint is warned about and dropped: the rows are the truth.
 */
export async function escalate(
  ports: EscalatePorts,
  event: EscalateEvent,
  contextOf: (tenant: string) => Context,
  warn: Warn,
): Promise<BatchResponse> {
  if (event.Records === undefined) {
    const ctx = contextOf('');
    const { canary } = ports;
    const sweeps = await Promise.allSettled([
      sweep(ctx, ports),
      sweepSeries(ctx, ports),
      canary && sendCanary(ctx, canary, (latenessMs) => canary.measure(latenessMs)),
    ]);
    for (const end of sweeps) if (end.status === 'rejected') throw end.reason;
    return { batchItemFailures: [] };
  }
  const response = rememberRules((tenant) => ports.response(tenant), contextOf(''));
  const failures = await Promise.all(
    event.Records.map(async ({ messageId, body }) => {
      const hint = readHint(body);
      if (hint === undefined) {
        warn('not a hint', { messageId });
        return [];
      }
      try {
        const ctx = contextOf(hint.tenant);
        if (hint.kind === 'delivery') await followHint(ctx, ports, hint);
        else await takeTimer(ctx, { ...ports, response }, { ...hint, kind: hint.timer });
        return [];
      } catch (error) {
        warn('hint not followed', { messageId, error });
        return [{ itemIdentifier: messageId }];
      }
    }),
  );
  return { batchItemFailures: failures.flat() };
}
