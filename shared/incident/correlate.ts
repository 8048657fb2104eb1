import type { Acting } from '#shared/alert/announce.ts';
import type { AlertRows } from '#shared/alert/decision.ts';
import type { Alert } from '#shared/alert/schema.ts';
import type { Clock } from '#shared/kernel/context.ts';
import { maxSeverity } from '#shared/kernel/severity.ts';
import { type Change, type Commit, COMMIT_ROWS_MAX } from '#shared/ports/work-store.ts';
import type { ResponseRules } from '#shared/response/rules.ts';

import { announceIncident, type IncidentHappening } from './announce.ts';
import { closed, joined, rowsOf, withEscalationsResolved } from './close.ts';
import { escalated } from './escalated.ts';
import { escalationAlertId, openEscalationAlert } from './escalation-alert.ts';
import { bornIncident, isGrave, isJoinable, withAlert } from './join.ts';
import type { Incident, IncidentPointer, IncidentSettings } from './schema.ts';
import type { Turn } from './turn.ts';

/** What a reducer of an alert decided to write. */
export interface Decided {
  commit: Commit;
  alert: Alert;
}

/** What stands of incidents around an alert. */
export interface IncidentRows {
  /** The incident the alert is of, or was before it came back. */
  own?: Incident | undefined;
  /** That of the alert's service, and the incident it names. */
  pointer?: IncidentPointer | undefined;
  current?: Incident | undefined;
  /** Unresolved escalation alerts of `own`; only when it is about to close. */
  escalations?: readonly AlertRows[];
}

interface Acts extends Acting, Clock {
  /** Rows that the caller adds to the commit. */
  reserved?: number;
}

/**
 * An alert's commit with what it does to incidents, so that both happen at once: it joins the incident
 * of its service, causes one (which escalates with exactly one alert), or moves its own on. Pure.
 */
export function correlate<Kind extends Decided>(
  decided: Kind,
  turn: Turn,
  rows: IncidentRows,
  rules: { settings: IncidentSettings; response: ResponseRules },
  ctx: Acts,
): Kind {
  const { own } = rows;
  if (turn === 'leaves') return outside(decided);
  if (turn === 'arrives') return arrive(decided, rows, rules, ctx);
  if (own === undefined) return decided;
  if (turn === 'acknowledged') return acknowledge(decided, own, ctx);
  if (turn === 'resolved') return resolve(decided, own, rows.escalations ?? [], ctx);
  return worsen(decided, own, ctx);
}

function arrive<Kind extends Decided>(
  decided: Kind,
  { own, pointer, current }: IncidentRows,
  { settings, response }: { settings: IncidentSettings; response: ResponseRules },
  ctx: Acts,
): Kind {
  const at = new Date(ctx.now()).toISOString();
  const { alert } = decided;
  const found = [own, current].find(
    (incident) => incident && isJoinable(incident, alert, settings, ctx.now()),
  );
  if (found) return join(decided, found, ctx, at);
  const { incident_id: _former, ...rest } = alert;
  if (!isGrave(alert)) return outside(decided);
  const born = bornIncident(rest, ctx.actor, at);
  const isEscalated = settings.auto_escalate;
  const cause = { kind: 'auto' } as const;
  const incident = isEscalated ? escalated(born, escalationAlertId(born, cause)) : born;
  const joining = inside(decided, incident);
  const changes: Change[] = [
    { kind: 'incident', row: incident, expected: 0 },
    {
      kind: 'incident.pointer',
      row: {
        tenant: incident.tenant,
        service: incident.service,
        incident_id: incident.incident_id,
        opened_at: at,
        revision: (pointer?.revision ?? 0) + 1,
      },
      expected: pointer?.revision ?? 0,
    },
  ];
  const said = announceIncident(incident, openings(incident, alert), ctx);
  const base = joined(joining.commit, { changes, ...said });
  if (!isEscalated) return { ...joining, commit: base };
  const room = COMMIT_ROWS_MAX - (ctx.reserved ?? 0) - rowsOf(base);
  const told = openEscalationAlert(incident, joining.alert, cause, response, ctx, room);
  return { ...joining, commit: joined(base, told.commit) };
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

function join<Kind extends Decided>(decided: Kind, former: Incident, ctx: Acts, at: string): Kind {
  const incident = withAlert(former, decided.alert, at);
  const { alert_count, open_count, severity, status } = incident;
  const { alert_id } = decided.alert;
  const happenings: IncidentHappening[] = [
    {
      action: 'incident.join',
      ...(severity !== former.severity && { before: { severity: former.severity } }),
      after: { alert_id, alert_count, open_count, severity },
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
  return write(inside(decided, incident), former, incident, happenings, ctx);
}

/** The first acknowledgement of any of its alerts: somebody looks into it. */
function acknowledge<Kind extends Decided>(decided: Kind, former: Incident, ctx: Acts): Kind {
  if (former.status !== 'OPEN' && former.status !== 'ESCALATED') return decided;
  const at = new Date(ctx.now()).toISOString();
  const incident: Incident = {
    ...former,
    status: 'ANALYZING',
    acknowledged_at: former.acknowledged_at ?? at,
    updated_at: at,
    version: former.version + 1,
    revision: former.revision + 1,
  };
  const happening: IncidentHappening = {
    action: 'incident.change_status',
    type: 'incident.status_changed',
    before: { status: former.status },
    after: { status: incident.status, alert_id: decided.alert.alert_id },
  };
  return write(decided, former, incident, [happening], ctx);
}

/** One alert less; the last of them closes the incident, and its escalation alerts with it. */
function resolve<Kind extends Decided>(
  decided: Kind,
  former: Incident,
  escalations: readonly AlertRows[],
  ctx: Acts,
): Kind {
  const at = new Date(ctx.now()).toISOString();
  const open_count = former.open_count - 1;
  const isOver = open_count === 0 && former.status !== 'CLOSED';
  const left: Incident = {
    ...former,
    open_count,
    updated_at: at,
    version: former.version + (isOver ? 1 : 0),
    revision: former.revision + 1,
  };
  if (!isOver) return write(decided, former, left, [], ctx);
  const happening: IncidentHappening = {
    action: 'incident.close',
    type: 'incident.closed',
    before: { status: former.status },
    after: { status: 'CLOSED', alert_id: decided.alert.alert_id },
    reason: 'all its alerts are resolved',
  };
  const done = write(decided, former, closed(left, ctx.actor, at), [happening], ctx);
  return {
    ...done,
    commit: withEscalationsResolved(done.commit, escalations, ctx, at, ctx.reserved),
  };
}

function worsen<Kind extends Decided>(decided: Kind, former: Incident, ctx: Acts): Kind {
  const severity = maxSeverity(former.severity, decided.alert.severity);
  if (severity === former.severity) return decided;
  const incident: Incident = {
    ...former,
    severity,
    updated_at: new Date(ctx.now()).toISOString(),
    version: former.version + 1,
    revision: former.revision + 1,
  };
  const happening: IncidentHappening = {
    action: 'incident.severity_changed',
    before: { severity: former.severity },
    after: { severity, alert_id: decided.alert.alert_id },
  };
  return write(decided, former, incident, [happening], ctx);
}

function write<Kind extends Decided>(
  decided: Kind,
  former: Incident,
  incident: Incident,
  happenings: readonly IncidentHappening[],
  acting: Acting,
): Kind {
  const changes: Change[] = [{ kind: 'incident', row: incident, expected: former.revision }];
  const said = announceIncident(incident, happenings, acting);
  return { ...decided, commit: joined(decided.commit, { changes, ...said }) };
}

function inside<Kind extends Decided>(decided: Kind, { incident_id }: Incident): Kind {
  return withAlertRow(decided, { ...decided.alert, incident_id });
}

function outside<Kind extends Decided>(decided: Kind): Kind {
  const { incident_id, ...alert } = decided.alert;
  return incident_id === undefined ? decided : withAlertRow(decided, alert);
}

/** The commit with another version of its alert wherever that stands. */
function withAlertRow<Kind extends Decided>(decided: Kind, alert: Alert): Kind {
  const { commit } = decided;
  return {
    ...decided,
    alert,
    commit: {
      ...commit,
      changes: commit.changes.map((change) =>
        (change.kind === 'alert' || change.kind === 'touch') &&
        change.row.alert_id === alert.alert_id
          ? { ...change, row: alert }
          : change,
      ),
      outbox: commit.outbox.map((row) => ({
        ...row,
        envelope: { ...row.envelope, payload: { ...row.envelope.payload, alert } },
      })),
    },
  };
}
