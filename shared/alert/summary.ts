import { requireScope } from '#shared/access/scope.ts';
import type { Context } from '#shared/kernel/context.ts';
import { compareSeverity, type Severity } from '#shared/kernel/severity.ts';

import type { AlertPorts } from './change.ts';
import { PAGE_MAX } from './list.ts';

/** Most active alerts counted in one answer. */
const COUNTED_MAX = 5_000;

/** Active alerts of one service and severity. */
interface SummaryCell {
  service: string;
  severity: Severity;
  open: number;
  acknowledged: number;
}

/** Active alerts by service and severity, gravest first; `truncated` when there are more than were counted. */
interface Summary {
  cells: SummaryCell[];
  open: number;
  acknowledged: number;
  truncated: boolean;
}

/** Counts the tenant's OPEN and ACK alerts; needs sentry.alert.read. */
export async function summarise(ports: AlertPorts, ctx: Context): Promise<Summary> {
  requireScope(ctx, 'sentry.alert.read');
  return countActive(ports, ctx.tenant);
}

/** Counts a tenant's OPEN and ACK alerts, up to 5,000. */
export async function countActive(
  { work }: Pick<AlertPorts, 'work'>,
  tenant: string,
): Promise<Summary> {
  const cells = new Map<string, SummaryCell>();
  const total = { open: 0, acknowledged: 0 };
  let cursor: string | undefined;
  do {
    const page = await work.listAlerts(
      tenant,
      { states: ['OPEN', 'ACK'] },
      { limit: PAGE_MAX, ...(cursor !== undefined && { cursor }) },
    );
    for (const { service, severity, state } of page.items) {
      const key = `${severity}\n${service}`;
      const cell = cells.get(key) ?? { service, severity, open: 0, acknowledged: 0 };
      const column = state === 'OPEN' ? 'open' : 'acknowledged';
      cell[column]++;
      total[column]++;
      cells.set(key, cell);
    }
    cursor = page.cursor;
  } while (cursor !== undefined && total.open + total.acknowledged < COUNTED_MAX);
  const sorted = [...cells.values()].sort(
    (a, b) =>
      compareSeverity(b.severity, a.severity) ||
      (a.service < b.service ? -1 : a.service > b.service ? 1 : 0),
  );
  return { cells: sorted, ...total, truncated: cursor !== undefined };
}
