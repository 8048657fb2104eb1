import type { Call, Handlers } from '#functions/api/operation.ts';
import { readPage } from '#functions/api/page.ts';
import { timeline } from '#shared/alert/timeline.ts';
import type { Operation } from '#shared/api/route-access.ts';
import { requireScope } from '#shared/access/scope.ts';
import { saveDocument } from '#shared/document/save-document.ts';
import { assignIncident } from '#shared/incident/assign.ts';
import { changeStatus } from '#shared/incident/change-status.ts';
import { getIncident } from '#shared/incident/change.ts';
import { escalateIncident } from '#shared/incident/escalate.ts';
import { recentEntries } from '#shared/incident/recent.ts';
import { incidentTimeline } from '#shared/incident/timeline.ts';
import { listIncidents } from '#shared/incident/list.ts';
import { incidentMetrics, timesOf } from '#shared/incident/metrics.ts';
import { openIncident } from '#shared/incident/open.ts';
import { incidentSettings, SETTINGS_KIND } from '#shared/incident/settings-kind.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { readResponseRules } from '#shared/response/read-rules.ts';

/** The stores, with the response in force for an escalation's alert. */
function withResponse({ ports, context }: Call) {
  return { work: ports.work, response: () => readResponseRules(ports, context.tenant) };
}

export const incidentOperations: Handlers<Extract<Operation, `incidents.${string}`>> = {
  'incidents.list': ({ status, severity, service, ...page }, call) =>
    readPage('incidents.list', { status, severity, service, ...page }, call, (wanted) =>
      listIncidents(
        call.ports,
        call.context,
        {
          ...(status && { statuses: status }),
          ...(severity && { severities: severity }),
          ...(service && { services: service }),
        },
        wanted,
      ),
    ),
  'incidents.open': ({ alert_ids, ...command }, call) =>
    openIncident(withResponse(call), call.context, alert_ids, command),
  'incidents.timeline': ({ alert, incident, ...page }, call) =>
    readPage('incidents.timeline', { alert, incident, ...page }, call, (wanted) => {
      if (incident !== undefined && alert === undefined)
        return incidentTimeline(call.ports, call.context, incident, wanted);
      if (alert !== undefined && incident === undefined)
        return timeline(call.ports, call.context, alert, wanted);
      throw new SentryError('invalid_input', 'Ask for one alert or one incident.', {
        issues: [{ path: 'alert', message: 'Give exactly one of alert and incident.' }],
      });
    }),
  'incidents.recent': async ({ limit }, { context, ports }) => ({
    items: await recentEntries(ports, context, limit),
  }),
  'incidents.metrics': ({ days }, { context, ports }) => incidentMetrics(ports, context, days),
  'incidents.settings': (_input, { context, ports }) => {
    requireScope(context, 'sentry.policy.read');
    return incidentSettings(ports.incidentSettings, context.tenant);
  },
  'incidents.configure': ({ if_version, reason, ...draft }, { context, ports }) =>
    saveDocument(SETTINGS_KIND, ports.incidentSettings, context, draft, { if_version, reason }),
  async 'incidents.get'({ incident_id }, { context, ports }) {
    const incident = await getIncident(ports, context, incident_id);
    return { ...incident, ...timesOf(incident) };
  },
  'incidents.escalate': ({ incident_id, request_id, ...command }, call) =>
    escalateIncident(withResponse(call), call.context, incident_id, {
      ...command,
      request_id: request_id ?? call.idempotencyKey ?? call.context.newId(),
    }),
  'incidents.assign': ({ incident_id, ...command }, { context, ports }) =>
    assignIncident(ports, context, incident_id, command),
  'incidents.status': ({ incident_id, ...command }, { context, ports }) =>
    changeStatus(ports, context, incident_id, command),
};
