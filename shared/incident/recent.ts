import { requireScope } from '#shared/access/scope.ts';
import type { TimelineEntry } from '#shared/audit/schema.ts';
import type { Context } from '#shared/kernel/context.ts';
import type { JournalStore, WorkStore } from '#shared/ports/work-store.ts';

import type { Incident } from './schema.ts';
import { lineOf } from './timeline.ts';

/** Incidents looked into. */
const INCIDENTS_MAX = 12;

/** A line of some incident's history, with enough of the incident to name it. */
export interface RecentEntry extends TimelineEntry {
  incident: Pick<Incident, 'incident_id' | 'title' | 'service' | 'severity' | 'status'>;
}

/**
 * What happened to the newest incidents, newest first; of their alerts only what moved the incident.
 * Needs sentry.alert.read.
 */
export async function recentEntries(
  { work, journal }: { work: WorkStore; journal: JournalStore },
  ctx: Context,
  limit: number,
): Promise<RecentEntry[]> {
  requireScope(ctx, 'sentry.alert.read');
  const { items } = await work.listIncidents(ctx.tenant, {}, { limit: INCIDENTS_MAX });
  const histories = await Promise.all(
    items.map(async ({ incident_id, title, service, severity, status }) => {
      const subject = { kind: 'incident', id: incident_id };
      const entries = await journal.newestEntries(ctx.tenant, subject, limit);
      return entries.map((entry) => ({
        ...lineOf(entry, incident_id, new Map()),
        incident: { incident_id, title, service, severity, status },
      }));
    }),
  );
  return histories
    .flat()
    .sort((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1))
    .slice(0, limit);
}

function placeOf({ timestamp, timeline_id }: TimelineEntry): string {
  return `${timestamp}#${timeline_id}`;
}
