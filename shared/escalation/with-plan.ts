import type { Alert } from '#shared/alert/schema.ts';

import type { StepPlan } from './plan-step.ts';
import type { EscalationPolicy } from './schema.ts';

/** The alert after a plan under its policy: level, next step, and what acknowledging it takes. Pure. */
export function withPlan(alert: Alert, policy: EscalationPolicy, plan: StepPlan): Alert {
  const {
    next_escalation_at: _next,
    acknowledgements_needed: _needed,
    ack_timeout_minutes: _timeout,
    ...rest
  } = alert;
  const { acknowledgements, ack_timeout_minutes } = policy;
  return {
    ...rest,
    policy_id: policy.policy_id,
    escalation_level: plan.escalation_level,
    ...(plan.timer && { next_escalation_at: plan.timer.due_at }),
    ...(acknowledgements > 1 && { acknowledgements_needed: acknowledgements }),
    ...(ack_timeout_minutes !== undefined && { ack_timeout_minutes }),
  };
}
