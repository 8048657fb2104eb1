import type { Clock } from '#shared/kernel/context.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';

import type { Acting } from './announce.ts';
import type { AlertRows, Decision } from './decision.ts';
import type { RaiseRows } from './raise.ts';
import { decideResolve, DETECTOR } from './resolve.ts';

/** Everything of a group's alert that is not resolved yet; undefined where there is none. */
export async function readStanding(
  work: WorkStore,
  tenant: string,
  { pointer, alert }: RaiseRows,
): Promise<AlertRows | undefined> {
  if (!pointer || !alert || alert.state === 'RESOLVED') return undefined;
  const [deliveries, timers] = await Promise.all([
    work.listDeliveries(tenant, alert.alert_id),
    work.listTimers(tenant, alert.alert_id),
  ]);
  return { alert, pointer, deliveries, timers };
}

/** Resolves the alert of a group because its detector says why it is over; undefined when nothing stands. Pure. */
export function decideRecovery(
  standing: AlertRows | undefined,
  reason: string,
  ctx: Acting & Clock,
): Extract<Decision, { kind: 'commit' }> | undefined {
  if (standing === undefined) return undefined;
  const decision = decideResolve(standing, { reason }, { ...ctx, actor: DETECTOR });
  return decision.kind === 'commit' ? decision : undefined;
}
