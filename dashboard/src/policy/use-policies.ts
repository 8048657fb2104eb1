import type { OperationParams } from '#shared/api/routes.ts';
import type { EscalationPolicy } from '#shared/escalation/schema.ts';

import { type Resource, useResource } from '#dashboard/api/use-resource.ts';
import { useApp } from '#dashboard/shell/app-context.ts';

/** The policies in force, in the order in which they are tried. */
export function usePolicies(): Resource<readonly EscalationPolicy[]> {
  const { call } = useApp();
  return useResource('policies', async () =>
    (await call('escalations.list', {})).items.toSorted((a, b) => a.order - b.order),
  );
}

/** Whether these are the shipped ones, which hold while a tenant has none of its own. */
export function areShipped(policies: readonly EscalationPolicy[]): boolean {
  return policies.every(
    ({ author, updated_at }) => author === 'system' && updated_at.startsWith('1970-'),
  );
}

export type PolicyBody = OperationParams<'escalations.create'>;

/** What an author writes of a policy. */
export function bodyOf(policy: EscalationPolicy): PolicyBody {
  const { version: _v, author: _a, updated_at: _u, removed: _r, ...body } = policy;
  return body;
}
