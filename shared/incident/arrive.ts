import type { Alert } from '#shared/alert/schema.ts';
import { type Change, COMMIT_ROWS_MAX } from '#shared/ports/work-store.ts';
import type { ResponseRules } from '#shared/response/rules.ts';

import { announceIncident, type IncidentHappening } from './announce.ts';
import { joined, rowsOf } from './close.ts';
import {
  type Acts,
  type Decided,
  type IncidentRows,
  inside,
  outside,
  withIncident,
} from './decided.ts';
import { escalated } from './escalated.ts';
import { escalationAlertId, openEscalationAlert } from './escalation-alert.ts';
import { bornIncident, isGrave, isJoinable, withAlert } from './join.ts';
import type { Incident, IncidentPointer, IncidentSettings } from './schema.ts';

/** The alert's own incident, or that of its service, if it may join one of them. */
function findJoinable(
  { own, current }: IncidentRows,
  alert: Alert,
  settings: IncidentSettings,
  now: number,
): Incident | undefined {
  return [own, current].find((incident) => incident && isJoinable(incident, alert, settings, now));
}

/** Whether an alert that arrives joins an incident without a look at the services around. */
export function hasJoinable(...args: Parameters<typeof findJoinable>): boolean {
  return findJoinable(...args) !== undefined;
}

/** An alert that comes joins the incident of its service, or of one next to it, or causes one. Pure. */
export function arrive<Kind extends Decided>(
  decided: Kind,
  rows: IncidentRows,
  { settings, response }: { settings: IncidentSettings; response: ResponseRules },
  ctx: Acts,
): Kind {
  const at = new Date(ctx.now()).toISOString();
  const { alert } = decided;
  const { pointer } = rows;
  const found = findJoinable(rows, alert, settings, ctx.now());
  if (found) return join(decided, found, ctx, at);
  const nearby = { window_minutes: settings.neighbour_minutes };
  const near = rows.neighbours?.find(
    (incident) => incident.status !== 'CLOSED' && isJoinable(incident, alert, nearby, ctx.now()),
  );
  if (near) return join(decided, near, ctx, at, pointTo(near, alert.service, at, pointer));
  const { incident_id: _former, ...rest } = alert;
  if (!isGrave(alert)) return outside(decided);
  const born = bornIncident(rest, ctx.actor, at);
  const isEscalated = settings.auto_escalate;
  const cause = { kind: 'auto' } as const;
  const incident = isEscalated ? escalated(born, escalationAlertId(born, cause)) : born;
  const joining = inside(decided, incident);
  const changes: Change[] = [
    { kind: 'incident', row: incident, expected: 0 },
    pointTo(incident, incident.service, at, pointer),
  ];
  const said = announceIncident(incident, openings(incident, alert), ctx);
  const base = joined(joining.commit, { changes, ...said });
  if (!isEscalated) return { ...joining, commit: base };
  const room = COMMIT_ROWS_MAX - (ctx.reserved ?? 0) - rowsOf(base);
  const told = openEscalationAlert(incident, joining.alert, cause, response, ctx, room);
  return { ...joining, commit: joined(base, told.commit) };
}

/** From now on the incident is the one that the service's next alerts find. */
function pointTo(
  { tenant, incident_id }: Incident,
  service: string,
  opened_at: string,
  former: IncidentPointer | undefined,
): Change {
  const expected = former?.revision ?? 0;
  const row = { tenant, service, incident_id, opened_at, revision: expected + 1 };
  return { kind: 'incident.pointer', row, expected };
}

/** How an incident's beginning is told. */
export function openings(
  incident: Incident,
  { alert_id }: { alert_id: string },
): IncidentHappening[] {
  const { status, severity, title, service, escalation_level } = incident;
  const escalation_alert_id = incident.escalation_ids.at(-1);
  return [
    {
      action: 'incident.open',
      type: 'incident.opened',
      after: { status, severity, title, service, alert_id },
    },
    ...(escalation_alert_id === undefined
      ? []
      : [
          {
            action: 'incident.escalate',
            type: 'incident.escalated' as const,
            after: { status, escalation_level, escalation_alert_id, cause: 'auto' },
          },
        ]),
  ];
}

function join<Kind extends Decided>(
  decided: Kind,
  former: Incident,
  ctx: Acts,
  at: string,
  pointer?: Change,
): Kind {
  const incident = withAlert(former, decided.alert, at);
  const { alert_count, open_count, severity, status } = incident;
  const { alert_id } = decided.alert;
  const happenings: IncidentHappening[] = [
    {
      action: 'incident.join',
      ...(severity !== former.severity && { before: { severity: former.severity } }),
      after: {
        alert_id,
        alert_count,
        open_count,
        severity,
        ...(pointer && { neighbour: decided.alert.service }),
      },
    },
    ...(former.status === 'CLOSED'
      ? [
          {
            action: 'incident.reopen',
            type: 'incident.reopened' as const,
            before: { status: former.status, closed_at: former.closed_at },
            after: { status, alert_id },
          },
        ]
      : []),
  ];
  const written = withIncident(inside(decided, incident), former, incident, happenings, ctx);
  if (pointer === undefined) return written;
  const more = { changes: [pointer], journal: [], outbox: [] };
  return { ...written, commit: joined(written.commit, more) };
}
