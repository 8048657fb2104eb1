import { choosePolicy } from '#shared/escalation/choose-policy.ts';
import { planOpening } from '#shared/escalation/plan-step.ts';
import type { EscalationPolicy, Timer } from '#shared/escalation/schema.ts';
import type { Severity } from '#shared/kernel/severity.ts';
import type { Delivery } from '#shared/notification/schema.ts';

import type { Finding } from './finding.ts';
import type { Alert } from './schema.ts';

type Suppression = Alert['suppressed_by'][number];

/**
 * Why a finding is recorded but told to nobody: its rule is STAGED, or its series is too new to be
 * trusted. Either is a trial: the first finding without it lets people know, as if the alert opened then.
 */
export function trialsOf({ rule, warming }: Finding): Suppression[] {
  return [
    ...(rule.state === 'STAGED' ? [{ reason: 'staging' }] : []),
    ...(warming ? [{ reason: 'warming' }] : []),
  ];
}

/** How grave a finding is: INFO at most while its series is warming. */
export function severityOf({ rule, warming }: Finding): Severity {
  return warming ? 'INFO' : rule.severity;
}

/** Whether an alert is held back by a trial that this finding ends. */
export function endsTrial(alert: Alert, finding: Finding): boolean {
  return alert.suppressed_by.some((one) => isEnded(one, finding));
}

function isEnded({ reason }: Suppression, { rule, warming }: Finding): boolean {
  if (reason === 'staging') return rule.state === 'ENABLED';
  return reason === 'warming' && !warming;
}

/** The alert with those trials ended, and whom to tell as if it opened now. `alert` is not RESOLVED. Pure. */
export function liftTrial(
  alert: Alert,
  finding: Finding,
  policies: readonly EscalationPolicy[],
  at: string,
): { alert: Alert; deliveries: Delivery[]; timer?: Timer } {
  const suppressed_by = alert.suppressed_by.filter((one) => !isEnded(one, finding));
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
