import { EscalationPolicy } from '#shared/escalation/schema.ts';
import type { PolicyStore } from '#shared/ports/policy-store.ts';

import type { DynamoAccess } from './dynamo-access.ts';
import { createDocumentTable, type StoredDocument } from './dynamo-documents.ts';

const partition = (tenant: string) => `T#${tenant}#POLICIES`;

function policyOf({ body }: StoredDocument): EscalationPolicy {
  return EscalationPolicy.parse(JSON.parse(body));
}

/** Escalation policies as documents of the table `config`. */
export function createDynamoPolicyStore(access: DynamoAccess): PolicyStore {
  const table = createDocumentTable(access);
  return {
    async get(tenant, policyId) {
      const found = await table.get(partition(tenant), `POLICY#${policyId}`);
      return found && policyOf(found);
    },
    async list(tenant) {
      const policies = (await table.list(partition(tenant))).map(policyOf);
      return policies.sort((a, b) => a.order - b.order);
    },
    async put(tenant, policy, expected) {
      const body = JSON.stringify({ ...policy, version: expected + 1 });
      await table.put(partition(tenant), `POLICY#${policy.policy_id}`, body, expected);
    },
  };
}
