import { incidentSort } from '#shared/incident/filter.ts';
import { incidentExpiry, incidentPointerExpiry } from '#shared/incident/retention.ts';
import type { Incident, IncidentPointer } from '#shared/incident/schema.ts';

import type { Item } from './dynamo-access.ts';
import { fieldsOf, unixSeconds, wellFormed } from './dynamo-work-items.ts';
import { keys } from './dynamo-work-keys.ts';

/** Listed by status, in the index that lists alerts by state. */
export function incidentItem(incident: Incident): Item {
  return {
    ...wellFormed(incident),
    ...keys.incident(incident.tenant, incident.incident_id),
    state_key: keys.status(incident.tenant, incident.status),
    state_sort: incidentSort(incident),
    expires_at: unixSeconds(incidentExpiry(incident)),
  };
}

export function incidentOf(item: Item): Incident {
  return fieldsOf(item) as unknown as Incident;
}

export function incidentPointerItem(pointer: IncidentPointer): Item {
  return {
    ...wellFormed(pointer),
    ...keys.incidentPointer(pointer.tenant, pointer.service),
    expires_at: unixSeconds(incidentPointerExpiry(pointer)),
  };
}

export function incidentPointerOf(item: Item): IncidentPointer {
  return fieldsOf(item) as unknown as IncidentPointer;
}
