import { requireScope } from '#shared/access/scope.ts';
import type { Acting } from '#shared/alert/announce.ts';
import type { Alert } from '#shared/alert/schema.ts';
import { ungrouped } from '#shared/grouping/ungrouped.ts';
import type { Clock, Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { compareSeverity } from '#shared/kernel/severity.ts';
import { type Change, COMMIT_ROWS_MAX } from '#shared/ports/work-store.ts';
import type { ResponseRules } from '#shared/response/rules.ts';

import { announceIncident } from './announce.ts';
import type { IncidentDecision, IncidentPorts } from './change.ts';
import { joined, rowsOf } from './close.ts';
import { openings } from './arrive.ts';
import { escalated } from './escalated.ts';
import { ESCALATION_RULE_ID, escalationAlertId, openEscalationAlert } from './escalation-alert.ts';
import { bornIncident, isGrave, withAlert } from './join.ts';
import type { Incident, IncidentPointer } from './schema.ts';

/** How often a lost race is read and decided again. */
const ATTEMPTS_MAX = 10;

interface OpenCommand {
  title?: string | undefined;
  reason?: string | undefined;
}

/**
 * The incident a person makes of alerts that are not resolved and are of no incident; `alerts` are at
 * least one, each once. It escalates as one that makes itself does. The service of the gravest alert is
 * its own, and finds it from now on. Pure.
 */
export function decideOpenIncident(
  alerts: readonly Alert[],
  pointer: IncidentPointer | undefined,
  command: OpenCommand,
  response: ResponseRules,
  ctx: Acting & Clock,
): Extract<IncidentDecision, { kind: 'commit' }> {
  const at = new Date(ctx.now()).toISOString();
  const first = gravestOf(alerts);
  const others = alerts.filter((alert) => alert !== first);
  const born = others.reduce(
    (incident, alert) => withAlert(incident, alert, at),
    bornIncident(first, ctx.actor, at),
  );
  const cause = { kind: 'auto' } as const;
  const isEscalated = isGrave(born) && response.incidents?.auto_escalate !== false;
  const incident: Incident = {
    ...(isEscalated ? escalated(born, escalationAlertId(born, cause)) : born),
    title: command.title ?? born.title,
    version: 1,
    revision: 1,
  };
  const { tenant, service, incident_id } = incident;
  const revision = (pointer?.revision ?? 0) + 1;
  const changes: Change[] = [
    { kind: 'incident', row: incident, expected: 0 },
    {
      kind: 'incident.pointer',
      row: { tenant, service, incident_id, opened_at: at, revision },
      expected: revision - 1,
    },
    ...alerts.flatMap((alert): Change[] => {
      const row = { ...alert, incident_id, revision: alert.revision + 1 };
      return [
        { kind: 'alert', row, expected: alert.revision },
        { kind: 'touch', row },
      ];
    }),
  ];
  const [opening, ...rest] = openings(incident, first);
  const told = { ...opening!, after: { ...opening!.after, alert_ids: incident.alert_ids } };
  const happenings = [{ ...told, reason: command.reason }, ...rest];
  const commit = { changes, ...announceIncident(incident, happenings, ctx) };
  if (!isEscalated) return { kind: 'commit', commit, incident };
  const room = COMMIT_ROWS_MAX - rowsOf(commit);
  const page = openEscalationAlert(incident, first, cause, ungrouped(response), ctx, room);
  return { kind: 'commit', commit: joined(commit, page.commit), incident };
}

function gravestOf(alerts: readonly Alert[]): Alert {
  return alerts.reduce((gravest, alert) =>
    compareSeverity(alert.severity, gravest.severity) > 0 ? alert : gravest,
  );
}

/**
 * Makes an incident of alerts. Throws `forbidden`, `not_found` for an alert that is not there, and
 * `conflict` with the alert as `current` for one that is RESOLVED, of an incident already, or made by
 * an escalation.
 */
export async function openIncident(
  ports: IncidentPorts & { response(): Promise<ResponseRules> },
  ctx: Context,
  alertIds: readonly string[],
  command: OpenCommand,
): Promise<Incident> {
  requireScope(ctx, 'sentry.alert.write');
  const { work } = ports;
  const ids = [...new Set(alertIds)];
  for (let attempt = 1; ; attempt++) {
    const alerts = await readFree(ports, ctx.tenant, ids);
    const pointer = await work.getIncidentPointer(ctx.tenant, gravestOf(alerts).service);
    const response = await ports.response();
    const { commit, incident } = decideOpenIncident(alerts, pointer, command, response, ctx);
    try {
      await work.commit(commit);
      return incident;
    } catch (error) {
      const lost = error instanceof SentryError && error.code === 'conflict';
      if (!lost || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

async function readFree(
  { work }: IncidentPorts,
  tenant: string,
  ids: readonly string[],
): Promise<Alert[]> {
  const found = await work.getAlerts(tenant, ids);
  return found.map((alert, at) => {
    if (!alert) throw new SentryError('not_found', `There is no alert ${ids[at]}.`);
    const refuse = (why: string) =>
      new SentryError('conflict', `The alert ${alert.alert_id} ${why}.`, { current: alert });
    if (alert.rule_id === ESCALATION_RULE_ID) throw refuse('was made by an escalation');
    if (alert.state === 'RESOLVED') throw refuse('is RESOLVED');
    if (alert.incident_id !== undefined) throw refuse(`is of incident ${alert.incident_id}`);
    return alert;
  });
}
