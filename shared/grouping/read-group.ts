import type { AlertRows } from '#shared/alert/decision.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';

import type { GroupRows } from './decide-message.ts';
import type { AlertGroup } from './schema.ts';

/** Reads everything of a group, strongly consistent; undefined when there is none. */
export async function readGroup(
  work: WorkStore,
  tenant: string,
  alertGroupId: string,
): Promise<GroupRows | undefined> {
  const group = await work.getAlertGroup(tenant, alertGroupId);
  if (group === undefined) return undefined;
  const ids = group.members.map(({ alert_id }) => alert_id);
  const [own, alerts] = await Promise.all([
    group.alert_id === undefined ? undefined : readGroupAlert(work, group),
    work.getAlerts(tenant, ids),
  ]);
  return { group, own, alerts: alerts.filter((alert) => alert !== undefined) };
}

/** Everything stored of the alert through which a group speaks; undefined when it has expired. */
export async function readGroupAlert(
  work: WorkStore,
  { tenant, alert_id = '' }: AlertGroup,
): Promise<AlertRows | undefined> {
  const { alert, ...rows } = await work.getAlertRows(tenant, alert_id);
  return alert && { ...rows, alert };
}
