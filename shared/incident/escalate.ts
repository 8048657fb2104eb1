import type { Acting } from '#shared/alert/announce.ts';
import type { Alert } from '#shared/alert/schema.ts';
import { ungrouped } from '#shared/grouping/ungrouped.ts';
import type { Clock, Context } from '#shared/kernel/context.ts';
import { COMMIT_ROWS_MAX } from '#shared/ports/work-store.ts';
import type { ResponseRules } from '#shared/response/rules.ts';

import {
  changeIncident,
  incidentCommit,
  type IncidentCommand,
  type IncidentDecision,
  type IncidentPorts,
  staleIncident,
} from './change.ts';
import { joined, rowsOf } from './close.ts';
import { escalated } from './escalated.ts';
import { escalationAlertId, openEscalationAlert } from './escalation-alert.ts';
import type { Incident } from './schema.ts';

/** `request_id` makes it this escalation and no other: repeating it changes nothing. */
export interface EscalateCommand extends IncidentCommand {
  request_id: string;
}

/**
 * A person's escalation: ESCALATED from any status but CLOSED, one level higher, and exactly one more
 * alert per request. `like` is an alert of the incident. Pure.
 */
export function decideEscalateIncident(
  former: Incident,
  like: Alert | undefined,
  command: EscalateCommand,
  response: ResponseRules,
  ctx: Acting & Clock,
): IncidentDecision {
  const cause = { kind: 'manual', request_id: command.request_id } as const;
  const alertId = escalationAlertId(former, cause);
  if (former.escalation_ids.includes(alertId)) return { kind: 'unchanged', incident: former };
  if (former.status === 'CLOSED')
    return {
      kind: 'refused',
      reason: 'An incident that is CLOSED cannot be escalated.',
      incident: former,
    };
  const stale = staleIncident(former, command);
  if (stale) return stale;
  const incident: Incident = {
    ...escalated(former, alertId),
    updated_at: new Date(ctx.now()).toISOString(),
    version: former.version + 1,
    revision: former.revision + 1,
  };
  const happening = {
    action: 'incident.escalate',
    type: 'incident.escalated',
    before: { status: former.status, escalation_level: former.escalation_level },
    after: {
      status: incident.status,
      escalation_level: incident.escalation_level,
      escalation_alert_id: alertId,
      cause: 'manual',
    },
    reason: command.reason,
  } as const;
  const { commit } = incidentCommit(former, incident, happening, ctx);
  const room = COMMIT_ROWS_MAX - rowsOf(commit);
  const told = openEscalationAlert(incident, like, cause, ungrouped(response), ctx, room);
  return { kind: 'commit', commit: joined(commit, told.commit), incident };
}

/** Escalates an incident. Throws as `changeIncident` does. */
export function escalateIncident(
  ports: IncidentPorts & { response(): Promise<ResponseRules> },
  ctx: Context,
  incidentId: string,
  command: EscalateCommand,
): Promise<Incident> {
  return changeIncident(ports, ctx, incidentId, async (incident) => {
    const { work } = ports;
    const alertId = escalationAlertId(incident, {
      kind: 'manual',
      request_id: command.request_id,
    });
    // The incident names only its last escalations; this may be a repetition of an older one.
    if (await work.getAlert(ctx.tenant, alertId)) return { kind: 'unchanged', incident };
    const last = incident.alert_ids.at(-1);
    const like = last === undefined ? undefined : await work.getAlert(ctx.tenant, last);
    return decideEscalateIncident(incident, like, command, await ports.response(), ctx);
  });
}
