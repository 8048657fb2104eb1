import { listPolicies } from '#shared/escalation/list-policies.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';
import type { PolicyStore } from '#shared/ports/policy-store.ts';
import type { Schedule } from '#shared/schedule/schema.ts';

import type { ResponseRules } from './rules.ts';

/** Where the rules of response are kept. */
export interface ResponseStores {
  policies: PolicyStore;
  schedules: DocumentStore<Schedule>;
}

/** The rules in force for a tenant. Throws what the stores throw. */
export async function readResponseRules(
  stores: ResponseStores,
  tenant: string,
): Promise<ResponseRules> {
  const [policies, schedules] = await Promise.all([
    listPolicies(stores.policies, tenant),
    stores.schedules.list(tenant),
  ]);
  return { policies, schedules };
}
