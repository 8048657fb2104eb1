import type { EscalationPolicy } from '#shared/escalation/schema.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { PolicyStore } from '#shared/ports/policy-store.ts';

/** Escalation policies in this process's memory, for tests. */
export function createMemoryPolicyStore(): PolicyStore {
  const tenants = new Map<string, Map<string, EscalationPolicy>>();
  return {
    async get(tenant, policyId) {
      return structuredClone(tenants.get(tenant)?.get(policyId));
    },
    async list(tenant) {
      const rows = [...(tenants.get(tenant)?.values() ?? [])];
      const byId = rows.sort((a, b) => (a.policy_id < b.policy_id ? -1 : 1));
      return structuredClone(byId.sort((a, b) => a.order - b.order));
    },
    async put(tenant, policy, expected) {
      const rows = tenants.get(tenant) ?? new Map<string, EscalationPolicy>();
      if ((rows.get(policy.policy_id)?.version ?? 0) !== expected)
        throw new SentryError('conflict', 'Someone else changed this meanwhile.');
      rows.set(policy.policy_id, structuredClone({ ...policy, version: expected + 1 }));
      tenants.set(tenant, rows);
    },
  };
}
