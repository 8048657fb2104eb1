import type { IncidentFilter } from '#shared/ports/work-store.ts';

import type { Incident } from './schema.ts';

/** Whether the incident belongs to what the filter asks for; an absent criterion asks for everything. */
export function matchesIncidentFilter(incident: Incident, filter: IncidentFilter): boolean {
  if (filter.statuses && !filter.statuses.includes(incident.status)) return false;
  if (filter.severities && !filter.severities.includes(incident.severity)) return false;
  if (filter.services && !filter.services.includes(incident.service)) return false;
  return filter.opened_after === undefined || incident.opened_at >= filter.opened_after;
}

/** What incidents are listed by, newest first when read backwards: `<opened_at>#<incident_id>`. */
export function incidentSort(incident: Pick<Incident, 'opened_at' | 'incident_id'>): string {
  return `${incident.opened_at}#${incident.incident_id}`;
}
