import { type Acting, announce } from '#shared/alert/announce.ts';
import type { AlertRows, Decision } from '#shared/alert/decision.ts';
import { owedChannels } from '#shared/alert/desired.ts';
import type { Alert } from '#shared/alert/schema.ts';
import type { Clock } from '#shared/kernel/context.ts';
import type { Change } from '#shared/ports/work-store.ts';
import { holdAlert } from '#shared/response/hold.ts';
import type { ResponseRules } from '#shared/response/rules.ts';
import { isOnTrial, suppress } from '#shared/response/suppress.ts';
import type { TraceStep } from '#shared/response/trace.ts';

import { choosePolicy } from './choose-policy.ts';
import { dropTimer } from './drop-timer.ts';
import { type StepPlan, takeStep } from './plan-step.ts';
import type { EscalationPolicy, Timer } from './schema.ts';
import { withPlan } from './with-plan.ts';

/**
 * Takes the step that a due timer stands for: deliveries, level, next timer, journal and outbox in one
 * commit. Only an OPEN alert at the level before is escalated; for any other the timer is stale and
 * goes. One that is held back by now is not escalated either, and says why: what lifts that takes the
 * step. The next delay counts from now, so that steps which are late come one after the other and never
 * all at once. Pure.
 */
export function decideEscalate(
  rows: AlertRows,
  timer: Timer,
  response: ResponseRules,
  ctx: Acting & Clock,
): Decision {
  const { alert } = rows;
  const isDue = alert.state === 'OPEN' && timer.step === alert.escalation_level + 1;
  // A trial ends with a finding, which plans the response as if the alert opened then.
  if (!isDue || isOnTrial(alert)) return dropTimer(rows, timer);
  const at = new Date(ctx.now()).toISOString();
  const found = suppress(alert, response, at);
  if (found.suppressed_by.length > 0) return holdAlert(rows, found, ctx, timer);
  const standing = { ...alert, suppressed_by: [], updated_at: at };
  const { plan, ...after } = planStep(standing, response, at);
  return commitStep(rows, timer, { ...after.alert, revision: alert.revision + 1 }, plan, ctx);
}

/**
 * The step under the alert's own policy as it now stands, or, when that is gone, the first of the one
 * that now matches; without any its escalation ends. Pure; `at` is RFC 3339, now.
 */
export function planStep(
  alert: Alert,
  { policies, schedules }: ResponseRules,
  at: string,
): { alert: Alert; plan: StepPlan; policy?: EscalationPolicy } {
  const own = policies.find(({ policy_id, enabled }) => enabled && policy_id === alert.policy_id);
  const policy = own ?? choosePolicy(policies, alert);
  if (!policy) {
    const trace: TraceStep[] = [{ step: 'policy', outcome: 'none_matches' }];
    return { alert, plan: { escalation_level: alert.escalation_level, deliveries: [], trace } };
  }
  const standing = own ? alert : { ...alert, escalation_from: alert.escalation_level };
  const taken = takeStep(policy, schedules, standing, at);
  const { policy_id: id, version } = policy;
  const outcome = own ? 'followed' : 'chosen';
  const plan = {
    ...taken,
    trace: [{ step: 'policy', outcome, id, version } as const, ...taken.trace],
  };
  return { alert: withPlan(standing, policy, plan), plan, policy };
}

function commitStep(
  rows: AlertRows,
  timer: Timer,
  next: Alert,
  plan: StepPlan,
  ctx: Acting & Clock,
): Decision {
  const { next_escalation_at: _former, ...rest } = next;
  const alert = { ...rest, ...(plan.timer && { next_escalation_at: plan.timer.due_at }) };
  const changes: Change[] = [
    { kind: 'alert', row: alert, expected: rows.alert.revision },
    ...plan.deliveries.map((row): Change => ({ kind: 'delivery', row, expected: 0 })),
    { kind: 'timer.delete', row: timer, expected: timer.revision },
    ...(plan.timer ? [{ kind: 'timer', row: plan.timer, expected: 0 } as const] : []),
    { kind: 'touch', row: alert },
  ];
  const happening = {
    action: plan.deliveries.length > 0 ? 'alert.escalate' : 'alert.escalate_to_nobody',
    type: 'alert.escalated',
    before: { escalation_level: rows.alert.escalation_level },
    after: { escalation_level: alert.escalation_level, trace: plan.trace },
    occasion: `revision ${alert.revision}`,
    channels: owedChannels([...rows.deliveries, ...plan.deliveries]),
  };
  const said = announce(alert, happening, ctx, alert.updated_at);
  return { kind: 'commit', commit: { changes, ...said }, alert };
}
