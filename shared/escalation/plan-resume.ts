import type { Alert } from '#shared/alert/schema.ts';
import { isGrouped } from '#shared/grouping/group-of.ts';

import { choosePolicy } from './choose-policy.ts';
import { planTimer } from './plan-step.ts';
import type { EscalationPolicy, Timer } from './schema.ts';

/**
 * The next step of an alert that is OPEN again while its receivers are told again: its policy goes on
 * where it stood; when that is gone, the one that now matches begins. Undefined where nothing is left
 * to be taken, or no policy matches. Pure; `at` is RFC 3339, now.
 */
export function planResume(
  policies: readonly EscalationPolicy[],
  alert: Alert,
  at: string,
): Timer | undefined {
  // A group tells of it.
  if (isGrouped(alert)) return undefined;
  const own = policies.find(({ policy_id, enabled }) => enabled && policy_id === alert.policy_id);
  if (own) return planTimer(own, alert, at);
  const other = choosePolicy(policies, alert);
  return other && planTimer(other, { ...alert, escalation_from: alert.escalation_level }, at);
}
