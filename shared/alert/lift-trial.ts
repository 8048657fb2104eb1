import type { Severity } from '#shared/kernel/severity.ts';
import { planResponse, type ResponsePlan } from '#shared/response/plan-response.ts';
import type { ResponseRules } from '#shared/response/rules.ts';

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
  response: ResponseRules,
  at: string,
): ResponsePlan {
  const suppressed_by = alert.suppressed_by.filter((one) => !isEnded(one, finding));
  if (alert.state !== 'OPEN')
    return { alert: { ...alert, suppressed_by }, deliveries: [], trace: [] };
  return planResponse(alert, suppressed_by, response, at);
}
