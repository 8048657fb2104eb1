import type { Acting } from '#shared/alert/announce.ts';
import type { AlertRows } from '#shared/alert/decision.ts';
import type { Clock, Context } from '#shared/kernel/context.ts';

import {
  changeIncident,
  incidentCommit,
  type IncidentCommand,
  type IncidentDecision,
  type IncidentPorts,
  staleIncident,
} from './change.ts';
import { closed, withEscalationsResolved } from './close.ts';
import { readEscalations } from './follow.ts';
import { type Incident, INCIDENT_STATUSES, type IncidentStatus } from './schema.ts';

interface StatusCommand extends IncidentCommand {
  /** The others come of alerts and escalations. */
  status: Exclude<IncidentStatus, 'OPEN' | 'ESCALATED'>;
}

const rankOf = (status: IncidentStatus) => INCIDENT_STATUSES.indexOf(status);

/**
 * Moves an incident forward, jumps allowed; closing it resolves its escalation alerts, its other alerts
 * stay as they are. Pure; `escalations` are the unresolved ones.
 */
export function decideChangeStatus(
  former: Incident,
  escalations: readonly AlertRows[],
  command: StatusCommand,
  ctx: Acting & Clock,
): IncidentDecision {
  const { status } = command;
  if (status === former.status) return { kind: 'unchanged', incident: former };
  if (rankOf(status) < rankOf(former.status))
    return {
      kind: 'refused',
      reason: `An incident that is ${former.status} cannot become ${status}.`,
      incident: former,
    };
  const stale = staleIncident(former, command);
  if (stale) return stale;
  const at = new Date(ctx.now()).toISOString();
  const isClosing = status === 'CLOSED';
  const moved: Incident = {
    ...former,
    status,
    ...(!isClosing && { acknowledged_at: former.acknowledged_at ?? at }),
    updated_at: at,
    version: former.version + 1,
    revision: former.revision + 1,
  };
  const incident = isClosing ? closed(moved, ctx.actor, at) : moved;
  const happening = {
    ...(isClosing
      ? ({ action: 'incident.close', type: 'incident.closed' } as const)
      : ({ action: 'incident.change_status', type: 'incident.status_changed' } as const)),
    before: { status: former.status },
    after: { status },
    reason: command.reason,
  };
  const decision = incidentCommit(former, incident, happening, ctx);
  if (!isClosing) return decision;
  return { ...decision, commit: withEscalationsResolved(decision.commit, escalations, ctx, at) };
}

/** Moves an incident on; repeating changes nothing. Throws as `changeIncident` does. */
export function changeStatus(
  ports: IncidentPorts,
  ctx: Context,
  incidentId: string,
  command: StatusCommand,
): Promise<Incident> {
  return changeIncident(ports, ctx, incidentId, async (incident) => {
    const escalations =
      command.status === 'CLOSED' ? await readEscalations(ports.work, incident) : [];
    return decideChangeStatus(incident, escalations, command, ctx);
  });
}
