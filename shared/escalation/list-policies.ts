import { DEFAULT_POLICIES } from '#shared/escalation/default-policy.ts';
import type { EscalationPolicy } from '#shared/escalation/schema.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';

/** The policies in force, in the order in which they are tried: the tenant's own, or the shipped ones while it has none. */
export async function listPolicies(
  store: DocumentStore<EscalationPolicy>,
  tenant: string,
): Promise<readonly EscalationPolicy[]> {
  const own = await store.list(tenant);
  return own.length > 0 ? own.sort((a, b) => a.order - b.order) : DEFAULT_POLICIES;
}
