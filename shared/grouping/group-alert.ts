import type { Alert } from '#shared/alert/schema.ts';
import { alertId } from '#shared/kernel/id.ts';
import { compareSeverity } from '#shared/kernel/severity.ts';

import { GROUP_RULE_ID } from './group-of.ts';
import type { AlertGroup } from './schema.ts';

/** The alert through which a group speaks in this episode, before its policy is planned. Pure. */
export function bornGroupAlert(group: AlertGroup, named: readonly Alert[], at: string): Alert {
  const { tenant, alert_group_id, labels, policy_id, episode } = group;
  const { summary, first } = wordsOf(group, named);
  return {
    alert_id: alertId(tenant, GROUP_RULE_ID, alert_group_id, episode),
    tenant,
    rule_id: GROUP_RULE_ID,
    rule_version: 1,
    event_id: first.event_id,
    ...summary,
    group_key: alert_group_id,
    group: labels,
    alert_group_id,
    policy_id,
    episode,
    state: 'OPEN',
    created_at: at,
    updated_at: at,
    escalation_level: 0,
    suppressed_by: [],
    evidence: { first: first.evidence.first.slice(0, 1), last: [] },
    version: 1,
    revision: 1,
  };
}

/** The group's alert as a further message has it; state and deliveries are the caller's. Pure. */
export function withNamed(
  alert: Alert,
  group: AlertGroup,
  named: readonly Alert[],
  at: string,
): Alert {
  const told = named.length > 0 ? wordsOf(group, named).summary : {};
  return {
    ...alert,
    ...told,
    first_seen: alert.first_seen,
    updated_at: at,
    version: alert.version + 1,
    revision: alert.revision + 1,
  };
}

/** `named` are the members that fire, at least one. */
function wordsOf({ labels, members }: AlertGroup, named: readonly Alert[]) {
  const first = named.reduce((gravest, alert) =>
    compareSeverity(alert.severity, gravest.severity) > 0 ? alert : gravest,
  );
  const services = new Set(named.map(({ service }) => service));
  const alike = Object.entries(labels).map(([field, value]) => `${field} ${value || '(none)'}`);
  const others = named.length - 1;
  const seen = named.map(({ first_seen }) => first_seen).toSorted();
  const over = members.filter(({ state }) => state === 'RESOLVED').length;
  const summary = {
    title: others === 0 ? first.title : `${named.length} alerts: ${first.title}`,
    service: services.size === 1 ? first.service : `${services.size} services`,
    severity: first.severity,
    ...(first.runbook_url !== undefined && others === 0 && { runbook_url: first.runbook_url }),
    first_seen: seen[0]!,
    last_seen: named
      .map(({ last_seen }) => last_seen)
      .toSorted()
      .at(-1)!,
    count: named.length,
    explain: {
      detector: 'grouping',
      summary: `Alerts that are told together: ${alike.join(', ') || 'all of their policy'}`,
      expected: 'no alert of this group',
      observed: `${named.length} firing, ${over} over since the last message`,
    },
  };
  return { first, summary };
}
