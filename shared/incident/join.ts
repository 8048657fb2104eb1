import type { Alert } from '#shared/alert/schema.ts';
import { digestId } from '#shared/kernel/id.ts';
import { compareSeverity, maxSeverity } from '#shared/kernel/severity.ts';

import type { Incident, IncidentSettings } from './schema.ts';

/** Most alerts and escalation alerts an incident names. */
const ALERT_IDS_MAX = 200;

/** ERROR and CRITICAL make incidents; what is less grave only joins them. */
export function isGrave({ severity }: Pick<Alert, 'severity'>): boolean {
  return compareSeverity(severity, 'ERROR') >= 0;
}

/**
 * Whether an alert that comes belongs to an incident. One that is CLOSED takes a grave alert back
 * within the window since its last alert or its close, both bounds included; its own, when it is not
 * closed, always. Pure.
 */
export function isJoinable(
  incident: Incident,
  alert: Alert,
  settings: Pick<IncidentSettings, 'window_minutes'>,
  now: number,
): boolean {
  const isClosed = incident.status === 'CLOSED';
  if (isClosed && !isGrave(alert)) return false;
  if (!isClosed && incident.incident_id === alert.incident_id) return true;
  const since = Math.max(
    Date.parse(incident.last_alert_at),
    isClosed ? Date.parse(incident.closed_at ?? incident.updated_at) : 0,
  );
  return now - since <= settings.window_minutes * 60_000;
}

/** The incident that an alert causes, before it escalates. Pure. */
export function bornIncident(alert: Alert, actor: string, at: string): Incident {
  return {
    incident_id: digestId(alert.tenant, 'incident', alert.alert_id, String(alert.version)),
    tenant: alert.tenant,
    title: alert.title,
    service: alert.service,
    severity: alert.severity,
    status: 'OPEN',
    alert_ids: [alert.alert_id],
    alert_count: 1,
    open_count: 1,
    escalation_ids: [],
    escalation_level: 0,
    opened_by: actor,
    opened_at: at,
    last_alert_at: at,
    updated_at: at,
    version: 1,
    revision: 1,
  };
}

/** The incident with one more alert that is not resolved, open again if it was closed. Pure. */
export function withAlert(incident: Incident, alert: Alert, at: string): Incident {
  const { closed_at: _at, closed_by: _by, ...rest } = incident;
  const isClosed = incident.status === 'CLOSED';
  const severity = maxSeverity(incident.severity, alert.severity);
  const isKnown = incident.alert_ids.includes(alert.alert_id);
  return {
    ...(isClosed ? { ...rest, status: 'OPEN', reopened_at: at } : incident),
    severity,
    alert_ids: isKnown
      ? incident.alert_ids
      : [...incident.alert_ids, alert.alert_id].slice(-ALERT_IDS_MAX),
    alert_count: incident.alert_count + (isKnown ? 0 : 1),
    open_count: incident.open_count + 1,
    last_alert_at: at,
    updated_at: at,
    version: incident.version + (isClosed || severity !== incident.severity ? 1 : 0),
    revision: incident.revision + 1,
  };
}
