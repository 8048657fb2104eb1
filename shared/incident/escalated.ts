import type { Incident } from './schema.ts';

/** Most escalation alerts an incident names. */
const ESCALATION_IDS_MAX = 50;

/** The incident one level higher; its version and revision stay. Pure. */
export function escalated(incident: Incident, alertId: string): Incident {
  return {
    ...incident,
    status: 'ESCALATED',
    escalation_level: incident.escalation_level + 1,
    escalation_ids: [...incident.escalation_ids, alertId].slice(-ESCALATION_IDS_MAX),
  };
}
