import { compareSeverity } from '#shared/kernel/severity.ts';
import type { AlertLine } from '#shared/live/schema.ts';

import { byText } from '#dashboard/shell/table/column.ts';

/** By what a list of alerts can be sorted, ascending each; `age` has the newest first. */
export const ORDERS = {
  severity: (a: AlertLine, b: AlertLine) => compareSeverity(a.severity, b.severity),
  title: (a: AlertLine, b: AlertLine) => byText(a.title, b.title),
  service: (a: AlertLine, b: AlertLine) => byText(a.service, b.service),
  state: (a: AlertLine, b: AlertLine) => STATE_ORDER[a.state] - STATE_ORDER[b.state],
  owner: (a: AlertLine, b: AlertLine) => byText(ownerOf(a) ?? '', ownerOf(b) ?? ''),
  count: (a: AlertLine, b: AlertLine) => a.count - b.count,
  age: (a: AlertLine, b: AlertLine) =>
    a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : 0,
} as const satisfies Record<string, (a: AlertLine, b: AlertLine) => number>;

const STATE_ORDER = { OPEN: 0, ACK: 1, RESOLVED: 2 } as const;

/** Who has an alert: the assignee, else who acknowledged or resolved it. */
export function ownerOf(alert: AlertLine): string | undefined {
  if (alert.assigned_to !== undefined) return alert.assigned_to;
  return alert.state === 'RESOLVED' ? alert.resolved_by : alert.acknowledged_by;
}

/** By what a list of alerts can be put together, and what that is of one. */
export const GROUPINGS = {
  service: (alert: AlertLine) => alert.service,
  rule: (alert: AlertLine) => alert.rule_id,
} as const;
export type Grouping = keyof typeof GROUPINGS;
