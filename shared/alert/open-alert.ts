import { fatigueScore } from '#shared/fatigue/score.ts';
import type { Clock } from '#shared/kernel/context.ts';
import { alertId } from '#shared/kernel/id.ts';
import type { Change } from '#shared/ports/work-store.ts';
import { planResponse } from '#shared/response/plan-response.ts';
import type { ResponseRules } from '#shared/response/rules.ts';
import { renderLink } from '#shared/rule/render-link.ts';

import { type Acting, announce } from './announce.ts';
import type { Decision } from './decision.ts';
import { owedChannels } from './desired.ts';
import { addEvidence, cutText } from './evidence.ts';
import { type Finding, spanOf } from './finding.ts';
import { severityOf, trialsOf } from './lift-trial.ts';
import type { Alert, AlertPointer } from './schema.ts';

/** Longest title, in bytes. */
const TITLE_BYTES_MAX = 1024;
/** Longest group value shown to people, in bytes; the key keeps them apart however long they are. */
const GROUP_BYTES_MAX = 1024;

/**
 * Opens the first or next episode of a group: pointer, alert, deliveries of the immediate step, timer
 * of the next, journal and outbox, all in one commit. On trial (`trialsOf`) it notifies nobody. Pure.
 */
export function openAlert(
  pointer: AlertPointer | undefined,
  finding: Finding,
  response: ResponseRules,
  ctx: Acting & Clock & { tenant: string },
): Extract<Decision, { kind: 'commit' }> {
  const at = new Date(ctx.now()).toISOString();
  const episode = (pointer?.episode ?? 0) + 1;
  const born = bornAlert(finding, ctx.tenant, episode, at);
  const newborn = { ...born, fatigue_score: fatigueScore(pointer?.fatigue) };
  const { alert, ...plan } = planResponse(newborn, trialsOf(finding), response, at);
  const expected = pointer?.revision ?? 0;
  const next: AlertPointer = {
    tenant: ctx.tenant,
    rule_id: alert.rule_id,
    group_key: alert.group_key,
    alert_id: alert.alert_id,
    episode,
    state: 'OPEN',
    ...(pointer?.fatigue && { fatigue: pointer.fatigue }),
    revision: expected + 1,
  };
  const changes: Change[] = [
    { kind: 'alert', row: alert, expected: 0 },
    { kind: 'pointer', row: next, expected },
    ...plan.deliveries.map((row): Change => ({ kind: 'delivery', row, expected: 0 })),
    ...(plan.timer ? [{ kind: 'timer', row: plan.timer, expected: 0 } as const] : []),
    { kind: 'touch', row: alert },
  ];
  const happening = {
    action: 'alert.open',
    type: 'alert.opened',
    after: {
      state: alert.state,
      severity: alert.severity,
      title: alert.title,
      episode,
      ...(alert.suppressed_by.length > 0 && { suppressed_by: alert.suppressed_by }),
      trace: plan.trace,
    },
    channels: owedChannels(plan.deliveries),
  };
  return { kind: 'commit', commit: { changes, ...announce(alert, happening, ctx, at) }, alert };
}

function bornAlert(finding: Finding, tenant: string, episode: number, at: string): Alert {
  const { rule, group_key } = finding;
  const event = finding.events[0]!;
  const group = Object.entries(finding.group).map(
    ([name, value]) => [name, cutText(value, GROUP_BYTES_MAX)] as const,
  );
  const runbook_url =
    rule.runbook_url === undefined ? undefined : renderLink(rule.runbook_url, event);
  return {
    alert_id: alertId(tenant, rule.rule_id, group_key, episode),
    tenant,
    rule_id: rule.rule_id,
    rule_version: rule.version,
    event_id: event.event_id,
    title: cutText(finding.title, TITLE_BYTES_MAX),
    service: event.service ?? event.source,
    severity: severityOf(finding),
    ...(rule.category !== undefined && { category: rule.category }),
    ...(rule.labels && { labels: rule.labels }),
    ...(runbook_url !== undefined && { runbook_url }),
    group_key,
    group: Object.fromEntries(group),
    episode,
    state: 'OPEN',
    created_at: at,
    updated_at: at,
    ...spanOf(finding),
    count: finding.occurrences,
    ...(finding.approximate && { count_approximate: true }),
    escalation_level: 0,
    suppressed_by: [],
    evidence: addEvidence({ first: [], last: [] }, finding.events),
    explain: finding.explain,
    version: 1,
    revision: 1,
  };
}
