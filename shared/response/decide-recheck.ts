import type { Acting } from '#shared/alert/announce.ts';
import type { AlertRows, Decision } from '#shared/alert/decision.ts';
import { desireDeliveries } from '#shared/alert/desired.ts';
import { commitMove } from '#shared/alert/move.ts';
import type { Alert } from '#shared/alert/schema.ts';
import { dropTimer } from '#shared/escalation/drop-timer.ts';
import { planTimer } from '#shared/escalation/plan-step.ts';
import type { Timer } from '#shared/escalation/schema.ts';
import { isGrouped } from '#shared/grouping/group-of.ts';
import type { Clock } from '#shared/kernel/context.ts';

import { holdAlert } from './hold.ts';
import { planResponse, type ResponsePlan } from './plan-response.ts';
import type { ResponseRules } from './rules.ts';
import { isHeldByRules, isOnTrial, suppress } from './suppress.ts';

/**
 * Decides again what holds an alert back: it is held by what holds it now, or people are told as if it
 * opened now; somebody who knew of it already is told only what was held back meanwhile. `timer` is
 * the one that fell due, absent when somebody changed the rules. Pure.
 */
export function decideRecheck(
  rows: AlertRows,
  timer: Timer | undefined,
  response: ResponseRules,
  ctx: Acting & Clock,
): Decision {
  const { alert } = rows;
  const stale = (): Decision => (timer ? dropTimer(rows, timer) : { kind: 'unchanged', alert });
  // A trial ends with a finding, which plans anew.
  if (alert.state === 'RESOLVED' || isOnTrial(alert)) return stale();
  const at = new Date(ctx.now()).toISOString();
  const found = suppress(alert, response, at);
  if (found.suppressed_by.length > 0) return holdAlert(rows, found, ctx);
  const isUntold = alert.state === 'OPEN' && alert.policy_id === undefined;
  if (!isHeldByRules(alert) && !isUntold) return stale();
  const next: Alert = {
    ...alert,
    suppressed_by: [],
    updated_at: at,
    revision: alert.revision + 1,
  };
  const plan = releasePlan(rows, next, response, at);
  const happening = {
    action: 'alert.unsuppress',
    type: 'alert.unsuppressed',
    before: { suppressed_by: alert.suppressed_by },
    after: { suppressed_by: [], trace: plan.trace },
    occasion: `revision ${next.revision}`,
  };
  const move = { alert: plan.alert, opened: plan.deliveries, happening, at };
  return commitMove(rows, { ...move, ...(plan.timer && { timer: plan.timer }) }, ctx);
}

function releasePlan(
  rows: AlertRows,
  alert: Alert,
  response: ResponseRules,
  at: string,
): ResponsePlan {
  const standing = rows.timers.find(({ kind }) => kind !== 'recheck');
  const lifted = { step: 'suppression', outcome: 'lifted' } as const;
  if (alert.state === 'OPEN' && alert.policy_id === undefined) {
    const plan = planResponse(alert, [], response, at);
    return { ...plan, trace: [lifted, ...plan.trace] };
  }
  const isOwnStep = alert.state === 'OPEN' && !isGrouped(alert);
  const timer = standing ?? (isOwnStep ? heldStep(rows, alert, response, at) : undefined);
  return { alert, deliveries: [], ...(timer && { timer }), trace: [lifted] };
}

/** The timer of the step that was held back: due now, or after its delay where people are told again. */
function heldStep(
  rows: AlertRows,
  alert: Alert,
  response: ResponseRules,
  at: string,
): Timer | undefined {
  const policy = response.policies.find(
    ({ policy_id, enabled }) => enabled && policy_id === alert.policy_id,
  );
  const { tenant, alert_id, escalation_level } = alert;
  if (!policy)
    return {
      tenant,
      alert_id,
      kind: 'escalate',
      step: escalation_level + 1,
      due_at: at,
      revision: 1,
    };
  const timer = planTimer(policy, alert, at);
  const isToldAgain = desireDeliveries(rows.deliveries, 'OPEN', at).some(
    ({ next_attempt_at }) => next_attempt_at === at,
  );
  return timer && !isToldAgain ? { ...timer, due_at: at } : timer;
}
