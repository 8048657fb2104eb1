import type { AlertLine } from '#shared/live/schema.ts';
import type { Severity } from '#shared/kernel/severity.ts';
import { compareSeverity } from '#shared/kernel/severity.ts';

import { type Grouping, GROUPINGS } from './order.ts';

/** Alerts that are listed under one head. */
export interface Group {
  name: string;
  count: number;
  open: number;
  /** The gravest of those that are not resolved; absent when all are. */
  severity?: Severity;
}

/** An alert, or the head of a group. */
export interface ListItem {
  id: string;
  group?: Group;
}

/** Puts heads between alerts that are in the order of their groups; those of folded groups are left out. */
export function arrange(
  ids: readonly string[],
  grouping: Grouping | undefined,
  folded: ReadonlySet<string>,
  get: (id: string) => AlertLine | undefined,
): readonly ListItem[] {
  if (!grouping) return ids.map((id) => ({ id }));
  const members = new Map<string, AlertLine[]>();
  for (const id of ids) {
    const alert = get(id);
    if (!alert) continue;
    const name = GROUPINGS[grouping](alert);
    members.set(name, [...(members.get(name) ?? []), alert]);
  }
  return [...members].flatMap(([name, alerts]) => [
    { id: `group ${name}`, group: summarize(name, alerts) },
    ...(folded.has(name) ? [] : alerts.map(({ alert_id }) => ({ id: alert_id }))),
  ]);
}

function summarize(name: string, alerts: readonly AlertLine[]): Group {
  const active = alerts.filter(({ state }) => state !== 'RESOLVED');
  const [gravest] = active.map(({ severity }) => severity).sort((a, b) => compareSeverity(b, a));
  const open = alerts.filter(({ state }) => state === 'OPEN').length;
  return { name, count: alerts.length, open, ...(gravest && { severity: gravest }) };
}
