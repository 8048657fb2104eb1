import type { Alert } from '#shared/alert/schema.ts';
import type { AlertFilter } from '#shared/ports/work-store.ts';

/** What a filter looks at: a whole alert, or a line of a list. */
type Filtered = Pick<
  Alert,
  'state' | 'severity' | 'service' | 'title' | 'alert_id' | 'rule_id' | 'assigned_to'
>;

/** Whether the alert belongs to what the filter asks for; an absent criterion asks for everything. */
export function matchesFilter(alert: Filtered, filter: AlertFilter): boolean {
  if (filter.states && !filter.states.includes(alert.state)) return false;
  if (filter.severities && !filter.severities.includes(alert.severity)) return false;
  if (filter.services && !filter.services.includes(alert.service)) return false;
  if (!filter.q) return true;
  const needle = filter.q.toLowerCase();
  return [alert.title, alert.alert_id, alert.rule_id, alert.service, alert.assigned_to].some(
    (text) => text !== undefined && text.toLowerCase().includes(needle),
  );
}

/** What alerts are listed by, newest first when read backwards: `<created_at>#<alert_id>`. */
export function alertSort(alert: Pick<Alert, 'created_at' | 'alert_id'>): string {
  return `${alert.created_at}#${alert.alert_id}`;
}
