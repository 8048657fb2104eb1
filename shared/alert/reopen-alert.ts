import { planResume } from '#shared/escalation/plan-resume.ts';
import { fatigueScore } from '#shared/fatigue/score.ts';
import type { Clock } from '#shared/kernel/context.ts';
import { maxSeverity } from '#shared/kernel/severity.ts';
import { planResponse, type ResponsePlan } from '#shared/response/plan-response.ts';
import type { ResponseRules } from '#shared/response/rules.ts';
import { isOnTrial, recheckTimer, suppress } from '#shared/response/suppress.ts';
import type { TraceStep } from '#shared/response/trace.ts';

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
  const {
    resolved_by,
    resolved_at,
    acknowledged_by: _acknowledged,
    acknowledgements: _several,
    ...rest
  } = rows.alert;
  const reopened: Alert = {
    ...withOccurrences(rest, finding, at),
    state: 'OPEN',
    reopened_at: at,
    fatigue_score: fatigueScore(rows.pointer.fatigue),
    severity: maxSeverity(rest.severity, severityOf(finding)),
    version: rest.version + 1,
    revision: rest.revision + 1,
  };
  const plan = planReopening(rows.alert, reopened, finding, response, at);
  const { alert } = plan;
  const { resolved_at: _resolved, ...kept } = rows.pointer;
  const pointer: AlertPointer = { ...kept, state: 'OPEN', revision: kept.revision + 1 };
  const happening = {
    action: 'alert.reopen',
    type: 'alert.reopened',
    before: { state: rows.alert.state, resolved_by, resolved_at },
    after: { state: alert.state, trace: plan.trace },
  };
  const move = { alert, pointer, opened: plan.deliveries, happening, at };
  return commitMove(rows, { ...move, ...(plan.timer && { timer: plan.timer }) }, ctx);
}

/**
 * Whom the alert tells now that it is back. Where nobody was told (a trial, a silence) it is planned
 * as a new one; else its receivers are told again and its policy goes on, unless it is held back.
 */
function planReopening(
  former: Alert,
  alert: Alert,
  finding: Finding,
  response: ResponseRules,
  at: string,
): ResponsePlan {
  if (endsTrial(alert, finding)) return liftTrial(alert, finding, response, at);
  if (isOnTrial(former)) return { alert, deliveries: [], trace: [] };
  if (alert.policy_id === undefined) return planResponse(alert, [], response, at);
  const { suppressed_by, recheck_at, trace } = suppress(alert, response, at);
  const standing = { ...alert, suppressed_by };
  if (recheck_at !== undefined)
    return { alert: standing, deliveries: [], timer: recheckTimer(alert, recheck_at), trace };
  const timer = planResume(response.policies, alert, at);
  const told: TraceStep = { step: 'policy', outcome: 'told_again', id: alert.policy_id };
  return { alert: standing, deliveries: [], ...(timer && { timer }), trace: [told] };
}
