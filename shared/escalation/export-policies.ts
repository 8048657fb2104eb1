import { requireScope } from '#shared/access/scope.ts';
import type { Context } from '#shared/kernel/context.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';

import {
  POLICY_FORMAT,
  POLICY_FORMAT_VERSION,
  PolicyBody,
  type PolicyDocument,
} from './document-schema.ts';
import { listPolicies } from './list-policies.ts';
import type { EscalationPolicy } from './schema.ts';

/** The policies in force as one document, ordered by id; needs sentry.policy.read. */
export async function exportPolicies(
  store: DocumentStore<EscalationPolicy>,
  context: Context,
): Promise<PolicyDocument> {
  requireScope(context, 'sentry.policy.read');
  const policies = await listPolicies(store, context.tenant);
  return {
    format: POLICY_FORMAT,
    format_version: POLICY_FORMAT_VERSION,
    policies: policies
      .map((policy) => PolicyBody.parse(policy))
      .sort((a, b) => (a.policy_id < b.policy_id ? -1 : 1)),
  };
}
