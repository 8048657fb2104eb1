import { requireScope } from '#shared/access/scope.ts';
import type { Context } from '#shared/kernel/context.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';

import { RULE_FORMAT, RULE_FORMAT_VERSION, RuleBody } from './document-schema.ts';
import type { RuleDocument } from './document-schema.ts';

/** All rules of the tenant as one document, ordered by id, fields in the order of the schema. */
export async function exportRules(store: RuleStore, context: Context): Promise<RuleDocument> {
  requireScope(context, 'sentry.policy.read');
  const rules = (await store.list(context.tenant)).map((rule) => RuleBody.parse(rule));
  return {
    format: RULE_FORMAT,
    format_version: RULE_FORMAT_VERSION,
    rules: rules.sort((a, b) => (a.rule_id < b.rule_id ? -1 : 1)),
  };
}
