import { DEFAULT_POLICIES } from '#shared/escalation/default-policy.ts';
import type { EscalationPolicy } from '#shared/escalation/schema.ts';
import type { PolicyStore } from '#shared/ports/policy-store.ts';

/** The policies in force, in ascending order: the tenant's own, or the shipped ones while it has none. */
export async function listPolicies(
  store: PolicyStore,
  tenant: string,
): Promise<readonly EscalationPolicy[]> {
  const own = await store.list(tenant);
  return own.length > 0 ? own : DEFAULT_POLICIES;
}
