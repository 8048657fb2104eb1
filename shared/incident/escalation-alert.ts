import { type Acting, announce } from '#shared/alert/announce.ts';
import { owedChannels } from '#shared/alert/desired.ts';
import type { Alert } from '#shared/alert/schema.ts';
import type { Timer } from '#shared/escalation/schema.ts';
import { digestId } from '#shared/kernel/id.ts';
import type { Change, Commit } from '#shared/ports/work-store.ts';
import { planResponse } from '#shared/response/plan-response.ts';
import type { ResponseRules } from '#shared/response/rules.ts';

import type { Incident } from './schema.ts';

/** The rule of alerts that an escalation makes; it is in no rule set, because no event matches it. */
export const ESCALATION_RULE_ID = 'sentry-incident-escalation';

/** What made an escalation: the incident itself as it began, or a person's request. */
export type EscalationCause = { kind: 'auto' } | { kind: 'manual'; request_id: string };

/** The same alert for the same incident and cause, however often it is decided (reliability.md §1). */
export function escalationAlertId(
  { tenant, incident_id }: Pick<Incident, 'tenant' | 'incident_id'>,
  cause: EscalationCause,
): string {
  return digestId(tenant, ESCALATION_RULE_ID, incident_id, ...partsOf(cause));
}

function partsOf(cause: EscalationCause): string[] {
  return cause.kind === 'auto' ? ['auto'] : ['manual', cause.request_id];
}

/** Rows of an escalation alert besides its deliveries. */
export const ESCALATION_ROWS = 5;

/**
 * The one alert of an escalation, told as the response plan has it: it carries the incident's link,
 * title and counts, never joins an incident, and is resolved as that one closes. `like` is an alert of
 * the incident, whose labels choose the policy. When its messages do not fit into `room` rows a
 * timer due at once tells them. Pure; `incident` is how it stands afterwards.
 */
export function openEscalationAlert(
  incident: Incident,
  like: Alert | undefined,
  cause: EscalationCause,
  response: ResponseRules,
  acting: Acting,
  room: number,
): { commit: Commit; alert: Alert } {
  const at = incident.updated_at;
  const newborn = bornAlert(incident, like, cause, acting.actor);
  const plan = planResponse(newborn, [], response, at);
  const isLate = plan.deliveries.length > Math.max(0, room - ESCALATION_ROWS);
  const timer = isLate ? firstStep(plan.alert, at) : plan.timer;
  const alert: Alert = isLate
    ? { ...plan.alert, escalation_level: 0, next_escalation_at: at }
    : plan.alert;
  const deliveries = isLate ? [] : plan.deliveries;
  const changes: Change[] = [
    { kind: 'alert', row: alert, expected: 0 },
    ...deliveries.map((row): Change => ({ kind: 'delivery', row, expected: 0 })),
    ...(timer ? [{ kind: 'timer', row: timer, expected: 0 } as const] : []),
    { kind: 'touch', row: alert },
  ];
  const happening = {
    action: 'alert.open',
    type: 'alert.opened',
    after: {
      state: alert.state,
      severity: alert.severity,
      title: alert.title,
      episode: alert.episode,
      incident_id: incident.incident_id,
      ...(alert.suppressed_by.length > 0 && { suppressed_by: alert.suppressed_by }),
      trace: plan.trace,
    },
    channels: owedChannels(deliveries),
  };
  return { commit: { changes, ...announce(alert, happening, acting, at) }, alert };
}

/** The first step as a timer that is due at once, for steps that are larger than one commit has room for. */
function firstStep({ tenant, alert_id, policy_id }: Alert, at: string): Timer {
  return {
    tenant,
    alert_id,
    step: 1,
    kind: 'escalate',
    due_at: at,
    ...(policy_id !== undefined && { policy_id }),
    revision: 1,
  };
}

function bornAlert(
  incident: Incident,
  like: Alert | undefined,
  cause: EscalationCause,
  actor: string,
): Alert {
  const { tenant, incident_id, severity, service, escalation_level: level } = incident;
  const at = incident.updated_at;
  const counts = `${incident.alert_count} ${incident.alert_count === 1 ? 'alert' : 'alerts'}, ${incident.open_count} not resolved, gravest ${severity}`;
  const by = cause.kind === 'auto' ? 'by itself' : `by ${actor}`;
  return {
    alert_id: escalationAlertId(incident, cause),
    tenant,
    rule_id: ESCALATION_RULE_ID,
    rule_version: 1,
    event_id: like?.event_id ?? incident_id,
    title: `Incident at level ${level}: ${incident.title}`,
    service,
    severity,
    ...(like?.category !== undefined && { category: like.category }),
    ...(like?.labels && { labels: like.labels }),
    ...(like?.runbook_url !== undefined && { runbook_url: like.runbook_url }),
    group_key: [incident_id, ...partsOf(cause)].join('|'),
    group: {},
    episode: 1,
    state: 'OPEN',
    created_at: at,
    updated_at: at,
    first_seen: at,
    last_seen: at,
    count: 1,
    escalation_level: 0,
    suppressed_by: [],
    incident_id,
    evidence: { first: like?.evidence.first.slice(0, 1) ?? [], last: [] },
    explain: {
      detector: 'incident',
      summary: `Incident ${incident_id} escalated to level ${level} ${by}`,
      expected: 'no incident of this service',
      observed: counts,
    },
    version: 1,
    revision: 1,
  };
}
