import type { Clock } from '#shared/kernel/context.ts';
import type { Commit, WorkStore } from '#shared/ports/work-store.ts';
import type { ResponseRules } from '#shared/response/rules.ts';

import type { Acting } from './announce.ts';
import { countOccurrences } from './count-occurrences.ts';
import type { AlertRows, Decision } from './decision.ts';
import type { Finding } from './finding.ts';
import { openAlert } from './open-alert.ts';
import { reopenAlert } from './reopen-alert.ts';
import type { Alert, AlertPointer } from './schema.ts';

/** What stands of one group before a finding is raised. Deliveries and timers only of a resolved alert. */
export interface RaiseRows extends Partial<AlertRows> {
  pointer?: AlertPointer;
}

/** What raising did, and the rows that say so. */
export interface Raised {
  kind: 'opened' | 'reopened' | 'counted' | 'new_episode';
  commit: Commit;
  alert: Alert;
}

/**
 * Decides what a finding means for its group: a first alert, one more occurrence, the resolved alert
 * again within the rule's reopen window (`reopen_window_seconds` since the resolve, the bound
 * included), or a new episode after it. Pure; the caller adds its detector rows to the commit.
 */
export function decideRaise(
  rows: RaiseRows,
  finding: Finding,
  response: ResponseRules,
  ctx: Acting & Clock & { tenant: string },
): Raised {
  const { pointer, alert, deliveries = [], timers = [] } = rows;
  if (!pointer || !alert) {
    const opened = openAlert(pointer, finding, response, ctx);
    return raised(pointer ? 'new_episode' : 'opened', opened);
  }
  const known = { alert, pointer, deliveries, timers };
  if (alert.state !== 'RESOLVED')
    return raised('counted', countOccurrences(known, finding, response, ctx));
  const sinceMs = ctx.now() - Date.parse(alert.resolved_at ?? alert.updated_at);
  if (sinceMs <= finding.rule.reopen_window_seconds * 1000)
    return raised('reopened', reopenAlert(known, finding, response, ctx));
  return raised('new_episode', openAlert(pointer, finding, response, ctx));
}

function raised(kind: Raised['kind'], decision: Decision): Raised {
  if (decision.kind !== 'commit') throw new Error('raising always writes');
  return { kind, commit: decision.commit, alert: decision.alert };
}

/** Reads what stands of many groups of one tenant, in the order of the groups. */
export async function readRaiseRows(
  work: WorkStore,
  tenant: string,
  groups: readonly { rule_id: string; group_key: string }[],
): Promise<RaiseRows[]> {
  const pointers = await work.getPointers(tenant, groups);
  const ids = pointers.flatMap((pointer) => (pointer ? [pointer.alert_id] : []));
  const alerts = new Map(
    (await work.getAlerts(tenant, ids)).flatMap((alert) =>
      alert ? [[alert.alert_id, alert] as const] : [],
    ),
  );
  return Promise.all(
    pointers.map(async (pointer) => {
      const alert = pointer && alerts.get(pointer.alert_id);
      if (!pointer || !alert) return pointer ? { pointer } : {};
      if (alert.state !== 'RESOLVED') return { pointer, alert };
      const [deliveries, timers] = await Promise.all([
        work.listDeliveries(tenant, alert.alert_id),
        work.listTimers(tenant, alert.alert_id),
      ]);
      return { pointer, alert, deliveries, timers };
    }),
  );
}
