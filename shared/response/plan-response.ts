import type { Alert } from '#shared/alert/schema.ts';
import { choosePolicy } from '#shared/escalation/choose-policy.ts';
import { planOnward } from '#shared/escalation/plan-step.ts';
import type { EscalationPolicy, Timer } from '#shared/escalation/schema.ts';
import { withPlan } from '#shared/escalation/with-plan.ts';
import { groupOf, isGroupAlert } from '#shared/grouping/group-of.ts';
import type { Grouping } from '#shared/grouping/schema.ts';
import type { Delivery } from '#shared/notification/schema.ts';

import type { ResponseRules } from './rules.ts';
import { isOnTrial, recheckTimer, suppress, type Suppression } from './suppress.ts';
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
 * reasons it is held back for, of which trials keep it silent whatever the rules say. Pure; `at` is RFC 3339, now.
 */
export function planResponse(
  alert: Alert,
  held: Alert['suppressed_by'],
  response: ResponseRules,
  at: string,
): ResponsePlan {
  const trials = held.filter((one) => isOnTrial({ suppressed_by: [one] }));
  // A trial ends with a finding, which plans again; until then nothing else needs to be looked at.
  const { suppressed_by, recheck_at, trace }: Suppression =
    trials.length > 0
      ? { suppressed_by: trials, trace: trials.map(heldByTrial) }
      : suppress(alert, response, at);
  if (suppressed_by.length > 0)
    return {
      alert: { ...alert, suppressed_by },
      deliveries: [],
      ...(recheck_at !== undefined && { timer: recheckTimer(alert, recheck_at) }),
      trace,
    };
  const own = isGroupAlert(alert) ? ownPolicy(response, alert) : undefined;
  const policy = own ?? choosePolicy(response.policies, alert);
  if (!policy)
    return {
      alert: { ...alert, suppressed_by },
      deliveries: [],
      trace: [{ step: 'policy', outcome: 'none_matches' }],
    };
  if (policy.grouping && !isGroupAlert(alert))
    return planGrouped(policy, policy.grouping, { ...alert, suppressed_by });
  const plan = planOnward(policy, response.schedules, alert, at);
  return {
    alert: withPlan({ ...alert, suppressed_by }, policy, plan),
    deliveries: plan.deliveries,
    ...(plan.timer && { timer: plan.timer }),
    trace: [
      { step: 'policy', outcome: 'chosen', id: policy.policy_id, version: policy.version },
      ...plan.trace,
    ],
  };
}

/** The alert is told by the messages of its group: it has none, and no next step, of its own. */
function planGrouped(policy: EscalationPolicy, grouping: Grouping, alert: Alert): ResponsePlan {
  const { alert_group_id, labels } = groupOf(policy.policy_id, grouping, alert);
  const { escalation_level } = alert;
  const planned = withPlan(alert, policy, { escalation_level, deliveries: [], trace: [] });
  const alike = Object.entries(labels).map(([field, value]) => `${field} ${value}`);
  return {
    alert: { ...planned, alert_group_id },
    deliveries: [],
    trace: [
      { step: 'policy', outcome: 'chosen', id: policy.policy_id, version: policy.version },
      {
        step: 'grouping',
        outcome: 'joined',
        id: alert_group_id,
        ...(alike.length > 0 && { detail: alike.join(', ') }),
      },
    ],
  };
}

/** The policy whose grouping made a group, as it now stands. */
function ownPolicy({ policies }: ResponseRules, { policy_id }: Alert) {
  return policies.find((policy) => policy.enabled && policy.policy_id === policy_id);
}

function heldByTrial({ reason }: { reason: string }): TraceStep {
  return { step: 'suppression', outcome: 'held_back', detail: reason };
}
