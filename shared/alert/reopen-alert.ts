import { planTimer } from '#shared/escalation/plan-step.ts';
import type { Clock } from '#shared/kernel/context.ts';
import { maxSeverity } from '#shared/kernel/severity.ts';
import type { ResponseRules } from '#shared/response/rules.ts';

import type { Acting } from './announce.ts';
import { withOccurrences } from './count-occurrences.ts';
import type { AlertRows, Decision } from './decision.ts';
import type { Finding } from './finding.ts';
import { endsTrial, liftTrial, severityOf } from './lift-trial.ts';
import { commitMove } from './move.ts';
import type { Alert, AlertPointer } from './schema.ts';

/**
 * RESOLVED → OPEN: it came back within the rule's reopen window, so it is the same alert again, its
 * receivers are told again and nothing of it expires any more. Pure.
 */
export function reopenAlert(
  rows: AlertRows & { pointer: AlertPointer },
  finding: Finding,
  response: ResponseRules,
  ctx: Acting & Clock,
): Decision {
  const at = new Date(ctx.now()).toISOString();
  const { resolved_by, resolved_at, acknowledged_by: _acknowledged, ...rest } = rows.alert;
  const reopened: Alert = {
    ...withOccurrences(rest, finding, at),
    state: 'OPEN',
    severity: maxSeverity(rest.severity, severityOf(finding)),
    version: rest.version + 1,
    revision: rest.revision + 1,
  };
  // A former trial told nobody, so there is nobody to be told again: plan as for a new alert.
  const lifted = endsTrial(reopened, finding)
    ? liftTrial(reopened, finding, response, at)
    : undefined;
  const alert = lifted?.alert ?? reopened;
  const { resolved_at: _resolved, ...kept } = rows.pointer;
  const pointer: AlertPointer = { ...kept, state: 'OPEN', revision: kept.revision + 1 };
  const policy = response.policies.find(
    ({ policy_id, enabled }) => enabled && policy_id === alert.policy_id,
  );
  const timer = lifted ? lifted.timer : policy && planTimer(policy, alert, at);
  const happening = {
    action: 'alert.reopen',
    type: 'alert.reopened',
    before: { state: rows.alert.state, resolved_by, resolved_at },
    after: { state: alert.state, ...(lifted && { trace: lifted.trace }) },
  };
  const opened = lifted?.deliveries ?? [];
  return commitMove(rows, { alert, pointer, opened, happening, at, ...(timer && { timer }) }, ctx);
}
