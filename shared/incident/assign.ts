import type { Acting } from '#shared/alert/announce.ts';
import type { Clock, Context } from '#shared/kernel/context.ts';

import {
  changeIncident,
  incidentCommit,
  type IncidentCommand,
  type IncidentDecision,
  type IncidentPorts,
  staleIncident,
} from './change.ts';
import type { Incident } from './schema.ts';

/** `assigned_to` null takes the assignment away. */
interface AssignIncidentCommand extends IncidentCommand {
  assigned_to: string | null;
}

/** Gives an incident that is not CLOSED to somebody; its status stays. Pure. */
export function decideAssignIncident(
  former: Incident,
  command: AssignIncidentCommand,
  ctx: Acting & Clock,
): IncidentDecision {
  const { assigned_to: holder = null, ...rest } = former;
  if (holder === command.assigned_to) return { kind: 'unchanged', incident: former };
  if (former.status === 'CLOSED')
    return {
      kind: 'refused',
      reason: 'An incident that is CLOSED cannot be assigned.',
      incident: former,
    };
  const stale = staleIncident(former, command);
  if (stale) return stale;
  const incident: Incident = {
    ...rest,
    ...(command.assigned_to !== null && { assigned_to: command.assigned_to }),
    updated_at: new Date(ctx.now()).toISOString(),
    version: former.version + 1,
    revision: former.revision + 1,
  };
  const happening = {
    action: 'incident.assign',
    type: 'incident.assigned',
    before: { assigned_to: holder },
    after: { assigned_to: command.assigned_to },
    reason: command.reason,
  } as const;
  return incidentCommit(former, incident, happening, ctx);
}

/** Assigns an incident; repeating changes nothing. Throws as `changeIncident` does. */
export function assignIncident(
  ports: IncidentPorts,
  ctx: Context,
  incidentId: string,
  command: AssignIncidentCommand,
): Promise<Incident> {
  return changeIncident(ports, ctx, incidentId, (incident) =>
    decideAssignIncident(incident, command, ctx),
  );
}
