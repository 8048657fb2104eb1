import { choosePolicy } from '#shared/escalation/choose-policy.ts';
import { planOpening } from '#shared/escalation/plan-step.ts';
import type { EscalationPolicy, Timer } from '#shared/escalation/schema.ts';
import type { Delivery } from '#shared/notification/schema.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';

import type { Alert } from './schema.ts';

/** Whether an alert is silent only because its rule was on trial, and that rule has gone live. */
export function isStagingOver(alert: Alert, rule: DetectionRule): boolean {
  return rule.state === 'ENABLED' && alert.suppressed_by.some(({ reason }) => reason === 'staging');
}

/** The alert with the trial ended, and whom to tell as if it opened now. `alert` is not RESOLVED. Pure. */
export function liftStaging(
  alert: Alert,
  policies: readonly EscalationPolicy[],
  at: string,
): { alert: Alert; deliveries: Delivery[]; timer?: Timer } {
  const suppressed_by = alert.suppressed_by.filter(({ reason }) => reason !== 'staging');
  if (suppressed_by.length > 0 || alert.state !== 'OPEN')
    return { alert: { ...alert, suppressed_by }, deliveries: [] };
  const policy = choosePolicy(policies, alert);
  const { escalation_level, ...plan } = planOpening(policy, alert, at);
  return {
    alert: {
      ...alert,
      suppressed_by,
      escalation_level,
      ...(policy && { policy_id: policy.policy_id }),
    },
    ...plan,
  };
}
