import type { ResponseRules } from '#shared/response/rules.ts';

/** The rules with every alert told by itself: what a person asks for now waits for no others. Pure. */
export function ungrouped(response: ResponseRules): ResponseRules {
  const policies = response.policies.map(({ grouping: _apart, ...policy }) => policy);
  return { ...response, policies };
}
