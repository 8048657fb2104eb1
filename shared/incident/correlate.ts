import { maxSeverity } from '#shared/kernel/severity.ts';
import type { AlertRows } from '#shared/alert/decision.ts';
import type { ResponseRules } from '#shared/response/rules.ts';

import type { IncidentHappening } from './announce.ts';
import { arrive } from './arrive.ts';
import { closed, withEscalationsResolved } from './close.ts';
import { type Acts, type Decided, type IncidentRows, outside, withIncident } from './decided.ts';
import type { Incident, IncidentSettings } from './schema.ts';
import type { Turn } from './turn.ts';

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
  return withIncident(decided, former, incident, [happening], ctx);
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
  if (!isOver) return withIncident(decided, former, left, [], ctx);
  const happening: IncidentHappening = {
    action: 'incident.close',
    type: 'incident.closed',
    before: { status: former.status },
    after: { status: 'CLOSED', alert_id: decided.alert.alert_id },
    reason: 'all its alerts are resolved',
  };
  const done = withIncident(decided, former, closed(left, ctx.actor, at), [happening], ctx);
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
  return withIncident(decided, former, incident, [happening], ctx);
}
