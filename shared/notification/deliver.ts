import type { Context } from '#shared/kernel/context.ts';
import type { Channel, Delivery } from '#shared/notification/schema.ts';

import { settle } from './attempt.ts';
import { countReport } from './count-report.ts';
import { type Decision, decide, owesSomething } from './decide.ts';
import type { DeliverPorts, DeliveryReport } from './deliver-ports.ts';
import { attemptOnce } from './send.ts';
import { tryCommit } from './try-commit.ts';

/** How often a row that keeps changing under our hands is looked at again in one run. */
const ROUNDS_MAX = 5;

/** What the row says once nothing more is owed; the receiver's own receipt stays where it knows all. */
function receiptOf(decision: Decision): string | undefined {
  return decision.kind === 'not_needed' ? `not needed: ${decision.reason}` : undefined;
}

async function deliverOne(
  ctx: Context,
  ports: DeliverPorts,
  found: Delivery,
): Promise<DeliveryReport> {
  const { delivery_key, tenant, alert_id, step, destination } = found;
  const owner = ctx.newId();
  let row: Delivery | undefined = found;
  let last: DeliveryReport = { delivery_key, kind: 'contended' };
  for (let round = 0; round < ROUNDS_MAX; round++) {
    if (round > 0) row = await ports.work.getDelivery(tenant, alert_id, step, destination);
    if (row === undefined) return { delivery_key, kind: 'nothing', reason: 'gone' };
    const alert = await ports.work.getAlert(tenant, alert_id);
    const now = ctx.now();
    const decision: Decision = alert
      ? decide(row, alert, now, owner)
      : { kind: 'not_needed', reason: 'gone' };
    if (decision.kind === 'nothing' || decision.kind === 'wait')
      return last.kind === 'sent' ? last : { delivery_key, ...decision };
    if (decision.kind === 'send') {
      const report = await attemptOnce(ctx, ports, row, {
        intent: decision.intent,
        owner,
        severity: alert?.severity ?? 'CRITICAL',
      });
      last = await countReport(ctx, ports, destination, report);
      // `sent` goes round again, because something else may be desired by now.
      if (last.kind !== 'sent' && last.kind !== 'contended') return last;
      continue;
    }
    const settled = settle(row, owner, receiptOf(decision), now);
    const change = { kind: 'delivery', row: settled, expected: row.revision } as const;
    if (await tryCommit(ports.work, { changes: [change], journal: [], outbox: [] }))
      return { delivery_key, kind: 'settled', reason: receiptOf(decision) ?? 'already sent' };
  }
  return last;
}

/**
 * Tells one channel what it should know of one alert: every delivery that owes something and is due
 * is claimed, decided again, sent and recorded; what another notifier holds is left to it. Safe to
 * run at any time and any number of times. When a store fails, the others are still tried and then
 * its error is thrown (`unavailable`).
 */
export async function deliver(
  ctx: Context,
  ports: DeliverPorts,
  target: { alert_id: string; channel: Channel },
): Promise<DeliveryReport[]> {
  const rows = await ports.work.listDeliveries(ctx.tenant, target.alert_id);
  const owed = rows.filter((row) => row.channel === target.channel && owesSomething(row));
  const ends = await Promise.allSettled(owed.map((row) => deliverOne(ctx, ports, row)));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
  return ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
}
