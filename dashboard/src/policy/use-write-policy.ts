import type { EscalationPolicy } from '#shared/escalation/schema.ts';

import { useApp } from '#dashboard/shell/app-context.ts';
import { ApiError } from '#dashboard/api/problem.ts';

import { areShipped, bodyOf, type PolicyBody } from './use-policies.ts';

/**
 * Saves a policy. While a tenant has only the shipped ones, the first write makes all of them its own,
 * because a tenant with any policy is told by its own alone. Throws ApiError.
 */
export function useWritePolicy() {
  const { call } = useApp();
  return async (body: PolicyBody, before: EscalationPolicy | undefined): Promise<void> => {
    const { items } = await call('escalations.list', {});
    if (areShipped(items)) {
      const others = items.filter(({ policy_id }) => policy_id !== body.policy_id);
      const policies = [...others.map(bodyOf), body];
      const { applied, items: outcomes } = await call('escalations.import', { policies });
      const issue = outcomes.flatMap(({ issues }) => issues)[0];
      if (!applied)
        throw new ApiError(
          'invalid_input',
          issue ? `${issue.path}: ${issue.message}` : 'The policies were refused.',
          undefined,
          outcomes.at(-1)?.issues ?? [],
        );
    } else if (before) await call('escalations.replace', { ...body, if_version: before.version });
    else await call('escalations.create', body);
  };
}
