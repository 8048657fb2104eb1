import { requireScope } from '#shared/access/scope.ts';
import type { Context } from '#shared/kernel/context.ts';

import type { IncidentPorts } from './change.ts';
import type { Incident } from './schema.ts';

const DAY_MS = 86_400_000;
/** Incidents looked at, newest first, and in one page. */
const INCIDENTS_MAX = 5_000;
const PAGE = 100;

/** Seconds over some incidents; null when there are none. */
interface Spread {
  count: number;
  mean: number | null;
  median: number | null;
}

/** How incidents of some days went. Times in seconds. */
interface IncidentMetrics {
  from: string;
  to: string;
  incidents: number;
  unresolved: number;
  seconds_to_acknowledge: Spread;
  seconds_to_resolve: Spread;
  truncated: boolean;
}

/** How long an incident took to be acknowledged and to be over; null while it is not. In seconds. */
export function timesOf({ opened_at, acknowledged_at, closed_at }: Incident) {
  const since = (at: string | undefined) =>
    at === undefined ? null : (Date.parse(at) - Date.parse(opened_at)) / 1000;
  return { seconds_to_acknowledge: since(acknowledged_at), seconds_to_resolve: since(closed_at) };
}

/** Mean and median of what is known. Pure. */
export function spreadOf(values: readonly (number | null)[]): Spread {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  const count = known.length;
  if (count === 0) return { count, mean: null, median: null };
  const sum = known.reduce((total, value) => total + value, 0);
  const median = (known[Math.floor((count - 1) / 2)]! + known[Math.floor(count / 2)]!) / 2;
  return { count, mean: sum / count, median };
}

/** MTTA and MTTR of the incidents opened in the last `days`; needs sentry.alert.read. */
export async function incidentMetrics(
  { work }: IncidentPorts,
  ctx: Context,
  days: number,
): Promise<IncidentMetrics> {
  requireScope(ctx, 'sentry.alert.read');
  const from = new Date(ctx.now() - days * DAY_MS).toISOString();
  const found: Incident[] = [];
  let cursor: string | undefined;
  do {
    const page = await work.listIncidents(
      ctx.tenant,
      { opened_after: from },
      { limit: PAGE, ...(cursor !== undefined && { cursor }) },
    );
    found.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined && found.length < INCIDENTS_MAX);
  const times = found.map(timesOf);
  return {
    from,
    to: new Date(ctx.now()).toISOString(),
    incidents: found.length,
    unresolved: found.filter(({ status }) => status !== 'CLOSED').length,
    seconds_to_acknowledge: spreadOf(times.map((time) => time.seconds_to_acknowledge)),
    seconds_to_resolve: spreadOf(times.map((time) => time.seconds_to_resolve)),
    truncated: cursor !== undefined,
  };
}
