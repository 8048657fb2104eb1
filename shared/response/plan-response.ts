import type { Alert } from '#shared/alert/schema.ts';
import { choosePolicy } from '#shared/escalation/choose-policy.ts';
import { planOpening } from '#shared/escalation/plan-step.ts';
import type { Timer } from '#shared/escalation/schema.ts';
import type { Delivery } from '#shared/notification/schema.ts';

import type { ResponseRules } from './rules.ts';
import type { TraceStep } from './trace.ts';

/** Who is told of an alert from now on, or what holds that back, and why. */
export interface ResponsePlan {
  /** The alert with its policy, level and what holds it back. */
  alert: Alert;
  /** Messages owed at once. */
  deliveries: Delivery[];
  timer?: Timer;
  trace: TraceStep[];
}

/**
 * Plans the response to an alert that opens, comes back, or is no longer held back. `held` are the
 * trials that keep it silent whatever the rules say. Pure; `at` is RFC 3339, now.
 */
export function planResponse(
  alert: Alert,
  held: Alert['suppressed_by'],
  response: ResponseRules,
  at: string,
): ResponsePlan {
  const suppressed_by = [...held];
  if (suppressed_by.length > 0)
    return {
      alert: { ...alert, suppressed_by },
      deliveries: [],
      trace: suppressed_by.map(({ reason, id }) => ({
        step: 'suppression',
        outcome: 'held_back',
        ...(id !== undefined && { id }),
        detail: reason,
      })),
    };
  const policy = choosePolicy(response.policies, alert);
  if (!policy)
    return {
      alert: { ...alert, suppressed_by },
      deliveries: [],
      trace: [{ step: 'policy', outcome: 'none_matches' }],
    };
  const { escalation_level, deliveries, timer } = planOpening(policy, alert, at);
  return {
    alert: { ...alert, suppressed_by, escalation_level, policy_id: policy.policy_id },
    deliveries,
    ...(timer && { timer }),
    trace: [
      { step: 'policy', outcome: 'chosen', id: policy.policy_id, version: policy.version },
      ...deliveries.map(({ delivery_key, channel, destination }): TraceStep => ({
        step: 'escalation_step',
        outcome: 'told',
        id: delivery_key,
        detail: `${channel} ${destination}`,
      })),
    ],
  };
}
