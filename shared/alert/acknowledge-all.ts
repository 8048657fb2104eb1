import { requireScope } from '#shared/access/scope.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { AlertFilter } from '#shared/ports/work-store.ts';

import { acknowledge } from './acknowledge.ts';
import type { AlertPorts } from './change.ts';
import { PAGE_MAX } from './list.ts';
import type { Alert } from './schema.ts';

/** Alerts one call acknowledges, and how many further ones it counts. */
const ACKNOWLEDGED_MAX = 200;
const COUNTED_MAX = 1_000;
const CONCURRENCY = 8;

interface AcknowledgedAll {
  acknowledged: number;
  /** Alerts that somebody else acknowledged or resolved meanwhile. */
  skipped: number;
  /** Alerts the store did not take now; call again. */
  failed: number;
  /** Open alerts the filter selects beyond this call, counted up to 1,000. */
  remaining: number;
}

/**
 * Acknowledges every open alert that the filter selects, up to 200 a call, each in a commit of its own.
 * `states` of the filter narrows only: without OPEN in it nothing is selected. Needs sentry.alert.write.
 */
export async function acknowledgeAll(
  ports: AlertPorts,
  ctx: Context,
  filter: AlertFilter,
  command: { reason?: string } = {},
): Promise<AcknowledgedAll> {
  requireScope(ctx, 'sentry.alert.write');
  const result: AcknowledgedAll = { acknowledged: 0, skipped: 0, failed: 0, remaining: 0 };
  if (filter.states && !filter.states.includes('OPEN')) return result;
  const open = await openAlerts(ports, ctx, { ...filter, states: ['OPEN'] });
  result.remaining = Math.max(0, open.length - ACKNOWLEDGED_MAX);
  const queue = open.slice(0, ACKNOWLEDGED_MAX);
  const lane = async () => {
    for (let alert = queue.shift(); alert; alert = queue.shift())
      result[await takeOne(ports, ctx, alert, command)]++;
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
  return result;
}

async function openAlerts(ports: AlertPorts, ctx: Context, filter: AlertFilter): Promise<Alert[]> {
  const open: Alert[] = [];
  let cursor: string | undefined;
  do {
    const page = await ports.work.listAlerts(ctx.tenant, filter, {
      limit: PAGE_MAX,
      ...(cursor !== undefined && { cursor }),
    });
    open.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined && open.length < ACKNOWLEDGED_MAX + COUNTED_MAX);
  return open;
}

async function takeOne(
  ports: AlertPorts,
  ctx: Context,
  seen: Alert,
  command: { reason?: string },
): Promise<'acknowledged' | 'skipped' | 'failed'> {
  try {
    const alert = await acknowledge(ports, ctx, seen.alert_id, command);
    const isOurs =
      alert.acknowledged_by === ctx.actor ||
      alert.acknowledgements?.some(({ actor }) => actor === ctx.actor);
    return isOurs ? 'acknowledged' : 'skipped';
  } catch (error) {
    if (!(error instanceof SentryError)) throw error;
    if (error.code === 'conflict' || error.code === 'not_found') return 'skipped';
    if (error.code === 'unavailable') return 'failed';
    throw error;
  }
}
