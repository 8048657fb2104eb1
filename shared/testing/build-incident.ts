import type { Incident, IncidentPointer } from '#shared/incident/schema.ts';

import { BUILT_AT } from './build-alert.ts';

/** An incident of service `checkout` in tenant `t1` with the one alert of `buildAlert`; fields given replace the built ones. */
export function buildIncident(fields: Partial<Incident> = {}): Incident {
  return {
    incident_id: 'iiiiiiiiiiiiiiiiiiiiiiiiii',
    tenant: 't1',
    title: 'CPU of checkout is high',
    service: 'checkout',
    severity: 'ERROR',
    status: 'OPEN',
    alert_ids: ['aaaaaaaaaaaaaaaaaaaaaaaaaa'],
    alert_count: 1,
    open_count: 1,
    escalation_ids: [],
    escalation_level: 0,
    opened_by: 'system:detect',
    opened_at: BUILT_AT,
    last_alert_at: BUILT_AT,
    updated_at: BUILT_AT,
    version: 1,
    revision: 1,
    ...fields,
  };
}

export function buildIncidentPointer(fields: Partial<IncidentPointer> = {}): IncidentPointer {
  return {
    tenant: 't1',
    service: 'checkout',
    incident_id: 'iiiiiiiiiiiiiiiiiiiiiiiiii',
    opened_at: BUILT_AT,
    revision: 1,
    ...fields,
  };
}
