import { listPolicies } from '#shared/escalation/list-policies.ts';
import type { EscalationPolicy } from '#shared/escalation/schema.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';

import type { Alert } from './schema.ts';

/** The escalation policy an alert was opened under; undefined when it had none or that one is gone. */
export async function policyOf(
  policies: DocumentStore<EscalationPolicy>,
  alert: Alert,
): Promise<EscalationPolicy | undefined> {
  if (alert.policy_id === undefined) return undefined;
  const all = await listPolicies(policies, alert.tenant);
  return all.find(({ policy_id, enabled }) => enabled && policy_id === alert.policy_id);
}
