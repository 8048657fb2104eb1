import type { Alert } from '#shared/alert/schema.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { compile } from '#shared/pattern/compile.ts';

import type { EscalationPolicy } from './schema.ts';

type Matches = (alert: object) => boolean;

/** Policies change rarely and are asked for every new alert. */
const compiled = new WeakMap<EscalationPolicy, Matches>();

/**
 * The first enabled policy, in ascending order, whose pattern holds for the alert; an empty pattern
 * holds for every one. A policy whose pattern is refused holds for none: it must not keep an alert
 * from opening.
 */
export function choosePolicy(
  policies: readonly EscalationPolicy[],
  alert: Partial<Alert>,
): EscalationPolicy | undefined {
  return inOrder(policies).find((policy) => policy.enabled && matchesPolicy(policy, alert));
}

/** The policies as they are tried. */
export function inOrder(policies: readonly EscalationPolicy[]): EscalationPolicy[] {
  return policies.toSorted((a, b) => a.order - b.order);
}

/** Whether a policy's pattern holds for an alert. */
export function matchesPolicy(policy: EscalationPolicy, alert: Partial<Alert>): boolean {
  let matches = compiled.get(policy);
  if (!matches) compiled.set(policy, (matches = compileMatch(policy)));
  return matches(alert);
}

function compileMatch(policy: EscalationPolicy): Matches {
  if (Object.keys(policy.match).length === 0) return () => true;
  try {
    const patterns = compile({ [policy.policy_id]: policy.match });
    return (alert) => patterns.match(alert).length > 0;
  } catch (error) {
    if (error instanceof SentryError && error.code === 'invalid_input') return () => false;
    throw error;
  }
}
