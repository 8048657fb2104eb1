import type { Clock } from '#shared/kernel/context.ts';
import { compareSeverity, SEVERITIES } from '#shared/kernel/severity.ts';
import type { Change } from '#shared/ports/work-store.ts';
import type { ResponseRules } from '#shared/response/rules.ts';
import { isHeldByRules, recheckTimer } from '#shared/response/suppress.ts';

import { type Acting, announce } from './announce.ts';
import type { AlertRows, Decision } from './decision.ts';
import { owedChannels } from './desired.ts';
import { addEvidence } from './evidence.ts';
import { type Finding, spanOf } from './finding.ts';
import { endsTrial, liftTrial, severityOf } from './lift-trial.ts';
import type { Alert } from './schema.ts';

/** The alert with a finding counted in; state, version and revision stay. */
export function withOccurrences(alert: Alert, finding: Finding, at: string): Alert {
  const { first_seen, last_seen } = spanOf(finding);
  return {
    ...alert,
    rule_version: finding.rule.version,
    updated_at: at,
    first_seen: first_seen < alert.first_seen ? first_seen : alert.first_seen,
    last_seen: last_seen > alert.last_seen ? last_seen : alert.last_seen,
    count: alert.count + finding.occurrences,
    ...(finding.approximate && { count_approximate: true }),
    evidence: addEvidence(alert.evidence, finding.events),
    explain: finding.explain,
  };
}

/**
 * Counts further matches on an alert that is not resolved: one write per alert and batch, journalled
 * only when the finding is graver than the alert, or ends its trial. Pure.
 */
export function countOccurrences(
  rows: AlertRows,
  finding: Finding,
  response: ResponseRules,
  ctx: Acting & Clock,
): Extract<Decision, { kind: 'commit' }> {
  const at = new Date(ctx.now()).toISOString();
  const former = rows.alert;
  const severity = severityOf(finding);
  const graver = compareSeverity(severity, former.severity) > 0;
  const live = endsTrial(former, finding);
  const counted: Alert = {
    ...withOccurrences(former, finding, at),
    ...(graver && { severity }),
    version: former.version + (graver || live ? 1 : 0),
    revision: former.revision + 1,
  };
  const lifted = live
    ? liftTrial(counted, finding, response, at)
    : { alert: counted, deliveries: [], trace: [] };
  const { alert, deliveries } = lifted;
  // What holds it back may ask for its severity: decide again at once, in a commit of its own.
  const recheck =
    graver && !live && isHeldByRules(former)
      ? recheckTimer(alert, at, SEVERITIES.indexOf(severity))
      : undefined;
  const timer = lifted.timer ?? recheck;
  const changes: Change[] = [
    { kind: 'alert', row: alert, expected: former.revision },
    ...deliveries.map((row): Change => ({ kind: 'delivery', row, expected: 0 })),
    ...(timer ? [{ kind: 'timer', row: timer, expected: 0 } as const] : []),
    { kind: 'touch', row: alert },
  ];
  if (!graver && !live)
    return { kind: 'commit', commit: { changes, journal: [], outbox: [] }, alert };
  const happening = {
    ...(live
      ? { action: 'alert.unsuppress', type: 'alert.unsuppressed' }
      : { action: 'alert.severity_changed', type: 'alert.severity_changed' }),
    before: { severity: former.severity, suppressed_by: former.suppressed_by },
    after: {
      severity: alert.severity,
      suppressed_by: alert.suppressed_by,
      ...(live && { trace: lifted.trace }),
    },
    channels: owedChannels([...rows.deliveries, ...deliveries]),
  };
  return { kind: 'commit', commit: { changes, ...announce(alert, happening, ctx, at) }, alert };
}
