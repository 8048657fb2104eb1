import { deliveryKey } from '#shared/kernel/id.ts';
import type { Delivery } from '#shared/notification/schema.ts';

import type { EscalationPolicy, Timer } from './schema.ts';

/** Whose step it is. `escalation_level` is the number of steps already taken. */
interface Escalated {
  tenant: string;
  alert_id: string;
  escalation_level: number;
}

/** The messages of one step (from 1), all owed at once; a destination named twice is told once. */
function planDeliveries(
  policy: EscalationPolicy,
  step: number,
  alert: Pick<Escalated, 'tenant' | 'alert_id'>,
  at: string,
): Delivery[] {
  const targets = policy.steps[step - 1]?.targets ?? [];
  const distinct = [...new Map(targets.map((target) => [target.destination, target])).values()];
  return distinct.map(({ channel, destination }) => ({
    delivery_key: deliveryKey(alert.alert_id, step, destination),
    tenant: alert.tenant,
    alert_id: alert.alert_id,
    step,
    channel,
    destination,
    status: 'QUEUED',
    desired: 'trigger',
    attempts: 0,
    created_at: at,
    updated_at: at,
    desired_at: at,
    next_attempt_at: at,
    revision: 1,
  }));
}

/** The timer of the step after those taken, its delay counted from `at`; undefined after the last. */
export function planTimer(
  policy: EscalationPolicy,
  alert: Escalated,
  at: string,
): Timer | undefined {
  const step = alert.escalation_level + 1;
  const next = policy.steps[step - 1];
  if (!next) return undefined;
  return {
    tenant: alert.tenant,
    alert_id: alert.alert_id,
    step,
    kind: 'escalate',
    due_at: new Date(Date.parse(at) + next.delay_minutes * 60_000).toISOString(),
    policy_id: policy.policy_id,
    policy_version: policy.version,
    revision: 1,
  };
}

/** What opening an alert sets off: the immediate step, if the first one is, and the timer of the next. */
export function planOpening(
  policy: EscalationPolicy | undefined,
  alert: Pick<Escalated, 'tenant' | 'alert_id'>,
  at: string,
): { escalation_level: number; deliveries: Delivery[]; timer?: Timer } {
  if (!policy) return { escalation_level: 0, deliveries: [] };
  const immediate = policy.steps[0]?.delay_minutes === 0;
  const escalation_level = immediate ? 1 : 0;
  const timer = planTimer(policy, { ...alert, escalation_level }, at);
  return {
    escalation_level,
    deliveries: immediate ? planDeliveries(policy, 1, alert, at) : [],
    ...(timer && { timer }),
  };
}
