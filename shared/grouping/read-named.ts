import type { Alert } from '#shared/alert/schema.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';

import type { GroupMessage } from './schema.ts';

/** Alerts that a message names; it tells of further ones by their number. */
const FIRING_MAX = 40;
const RESOLVED_MAX = 10;

/** What a group's newest message says, with the alerts that it names. */
export interface NamedAlerts extends Pick<GroupMessage, 'number' | 'reason'> {
  firing: Alert[];
  resolved: Alert[];
  firing_count: number;
  resolved_count: number;
}

/** Reads what the alert of a group says now; undefined for one that has said nothing. Throws `unavailable`. */
export async function readNamed(
  work: Pick<WorkStore, 'getAlertGroup' | 'getAlerts'>,
  { tenant, group_key, alert_id }: Alert,
): Promise<NamedAlerts | undefined> {
  const group = await work.getAlertGroup(tenant, group_key);
  if (group?.message === undefined || group.alert_id !== alert_id) return undefined;
  const { number, reason, firing, resolved } = group.message;
  const ids = [...firing.slice(0, FIRING_MAX), ...resolved.slice(0, RESOLVED_MAX)];
  const alerts = await work.getAlerts(tenant, ids);
  const named = (wanted: readonly string[]) =>
    alerts.filter((alert) => alert !== undefined && wanted.includes(alert.alert_id)) as Alert[];
  return {
    number,
    reason,
    firing: named(firing),
    resolved: named(resolved),
    firing_count: firing.length,
    resolved_count: resolved.length,
  };
}
