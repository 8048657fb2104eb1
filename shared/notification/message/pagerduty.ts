import type { Notice } from '#shared/ports/channel-sender.ts';

import { oneLine, pairs, webLink } from './text.ts';

const SEVERITIES = {
  INFO: 'info',
  WARN: 'warning',
  ERROR: 'error',
  CRITICAL: 'critical',
} as const;
const SUMMARY_MAX = 1_024;
const CLIENT = 'Hearthlink Sentry';

/**
 * A PagerDuty Events API v2 event. `dedup_key` is the alert id, so a repetition joins the incident
 * it opened; acknowledge and resolve need nothing more than that key. Far below 512 KB by its clips.
 */
export function renderPagerDuty(notice: Notice, routingKey: string): Record<string, unknown> {
  const { alert, intent } = notice;
  const event = { routing_key: routingKey, event_action: intent, dedup_key: alert.alert_id };
  if (intent !== 'trigger') return event;
  const link = webLink(notice.link);
  const runbook = webLink(alert.runbook_url);
  const group = pairs(alert.group, 5, 200);
  const { summary, expected, observed, values } = alert.explain;
  return {
    ...event,
    payload: {
      summary: oneLine(`${alert.service}: ${alert.title}`, SUMMARY_MAX),
      source: oneLine(alert.service, 255) || 'unknown',
      severity: SEVERITIES[alert.severity],
      timestamp: alert.first_seen,
      component: oneLine(alert.service, 255),
      group: oneLine(group.map(([name, value]) => `${name}=${value}`).join(' '), 255),
      class: oneLine(alert.category ?? alert.rule_id, 255),
      custom_details: {
        alert_id: alert.alert_id,
        ...(alert.incident_id !== undefined && { incident_id: alert.incident_id }),
        rule_id: oneLine(alert.rule_id, 64),
        rule_version: alert.rule_version,
        count: alert.count,
        last_seen: alert.last_seen,
        why: oneLine(summary, 1_000),
        expected: oneLine(expected, 500),
        observed: oneLine(observed, 500),
        group: Object.fromEntries(group),
        labels: Object.fromEntries(pairs(alert.labels, 20, 500)),
        values: Object.fromEntries(pairs(values, 20, 500)),
        ...(notice.members && groupDetails(notice.members)),
      },
    },
    links: [
      ...(link === undefined ? [] : [{ href: link, text: 'Open in Sentry' }]),
      ...(runbook === undefined ? [] : [{ href: runbook, text: 'Runbook' }]),
    ],
    client: CLIENT,
    ...(link === undefined ? {} : { client_url: link }),
  };
}

/** The alerts of a group, each in a line, as PagerDuty shows details. */
function groupDetails(members: NonNullable<Notice['members']>): Record<string, unknown> {
  const lines = (named: typeof members.firing) =>
    named.map(({ alert }) =>
      oneLine(`${alert.severity} ${alert.service}: ${alert.title} (${alert.alert_id})`, 300),
    );
  const { number, firing, resolved, firing_count, resolved_count } = members;
  return {
    message: number,
    firing_count,
    resolved_count,
    firing: lines(firing),
    resolved: lines(resolved),
  };
}
