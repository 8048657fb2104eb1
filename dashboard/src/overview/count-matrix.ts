import { SEVERITIES, type Severity } from '#shared/kernel/severity.ts';
import type { AlertLine } from '#shared/live/schema.ts';

/** Gravest first. */
export const COLUMNS: readonly Severity[] = SEVERITIES.toReversed();

export interface MatrixRow {
  service: string;
  counts: Readonly<Record<Severity, number>>;
  total: number;
}

/** Active alerts (OPEN and ACK) by service and severity; the services in the worst state first. */
export function countMatrix(alerts: readonly AlertLine[]): MatrixRow[] {
  const rows = new Map<string, { counts: Record<Severity, number>; total: number }>();
  for (const { service, severity, state } of alerts) {
    if (state === 'RESOLVED') continue;
    const row = rows.get(service) ?? {
      counts: { INFO: 0, WARN: 0, ERROR: 0, CRITICAL: 0 },
      total: 0,
    };
    row.counts[severity]++;
    row.total++;
    rows.set(service, row);
  }
  return [...rows].map(([service, row]) => ({ service, ...row })).sort(compareRows);
}

function compareRows(a: MatrixRow, b: MatrixRow): number {
  for (const severity of COLUMNS) {
    const graver = b.counts[severity] - a.counts[severity];
    if (graver !== 0) return graver;
  }
  return a.service < b.service ? -1 : 1;
}
