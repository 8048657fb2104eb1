import type { EscalationPolicy } from '#shared/escalation/schema.ts';

/** A tenant's escalation policies. All methods throw `unavailable` on throttling or network faults. */
export interface PolicyStore {
  get(tenant: string, policyId: string): Promise<EscalationPolicy | undefined>;
  /** In ascending `order`, then by id. */
  list(tenant: string): Promise<EscalationPolicy[]>;
  /** Writes the policy as version `expected + 1`; throws `conflict` unless the stored version is `expected` (0 = absent). */
  put(tenant: string, policy: EscalationPolicy, expected: number): Promise<void>;
}
