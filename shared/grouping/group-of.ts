import type { Alert } from '#shared/alert/schema.ts';
import { digestId } from '#shared/kernel/id.ts';
import { valueOf } from '#shared/silence/match.ts';

import type { Grouping } from './schema.ts';

/** The rule of the alerts through which groups speak; it is in no rule set, because no event matches it. */
export const GROUP_RULE_ID = 'sentry-alert-group';

/** Whether a group speaks through this alert. */
export function isGroupAlert({ rule_id }: Pick<Alert, 'rule_id'>): boolean {
  return rule_id === GROUP_RULE_ID;
}

/** Whether a group tells of this alert, so that it has no messages and no escalation of its own. */
export function isGrouped(alert: Pick<Alert, 'rule_id' | 'alert_group_id'>): boolean {
  return alert.alert_group_id !== undefined && !isGroupAlert(alert);
}

/** The group of an alert under a policy, and what its alerts have in common. Pure. */
export function groupOf(
  policyId: string,
  { by }: Grouping,
  alert: Alert,
): { alert_group_id: string; labels: Record<string, string> } {
  const labels = Object.fromEntries(by.map((field) => [field, fieldOf(alert, field)]));
  const parts = Object.entries(labels).flat();
  return { alert_group_id: digestId(alert.tenant, GROUP_RULE_ID, policyId, ...parts), labels };
}

/** The group that takes what has no room in one; `part` from 2. Pure. */
export function nextPart(alertGroupId: string, part: number): string {
  return digestId(alertGroupId, String(part));
}

function fieldOf(alert: Alert, field: string): string {
  return field === 'incident_id' ? (alert.incident_id ?? '') : valueOf(alert, field);
}
