import type { Context } from '#shared/kernel/context.ts';
import type { ChannelCounter } from '#shared/ports/channel-state-store.ts';

import type { DeliverPorts, DeliveryReport } from './deliver-ports.ts';

const COUNTERS: Partial<Record<DeliveryReport['kind'], ChannelCounter[]>> = {
  sent: ['sent'],
  retry: ['failed'],
  dead: ['failed', 'dead'],
  put_off: ['put_off'],
};

/**
 * Counts what became of a delivery for its channel's health. The report says so where that could not
 * be done: the message went or did not go all the same.
 */
export async function countReport(
  ctx: Context,
  ports: Pick<DeliverPorts, 'states'>,
  channelId: string,
  report: DeliveryReport,
): Promise<DeliveryReport> {
  const words = report.reason === undefined ? {} : { words: report.reason };
  try {
    for (const counter of COUNTERS[report.kind] ?? [])
      await ports.states.count(ctx.tenant, channelId, { counter, at: ctx.now(), ...words });
    return report;
  } catch (health_error) {
    return { ...report, health_error };
  }
}
