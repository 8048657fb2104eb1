import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';

import { checkRule } from './check-rule.ts';
import { recordRule } from './record-rule.ts';
import type { DetectionRule } from './schema.ts';

/**
 * Writes the given rules where the tenant has none of that id, in any state: what people changed or
 * archived stays as it is. For the system itself at installation, so it asks no scope. Returns the ids
 * written. Throws `invalid_input` when a rule is not valid.
 */
export async function seedRules(
  store: RuleStore,
  context: Context,
  drafts: readonly unknown[],
): Promise<string[]> {
  const rules = drafts.map(checkRule);
  const present = new Set((await store.list(context.tenant)).map((rule) => rule.rule_id));
  const written: string[] = [];
  const now = new Date(context.now()).toISOString();
  for (const draft of rules) {
    if (present.has(draft.rule_id)) continue;
    const rule: DetectionRule = {
      ...draft,
      version: 1,
      author: context.actor,
      created_at: now,
      updated_at: now,
    };
    try {
      await store.save(context.tenant, recordRule(context, undefined, rule, 'rule.create'));
      written.push(rule.rule_id);
    } catch (error) {
      // Someone else wrote it between the list and here: theirs stays.
      if (!(error instanceof SentryError) || error.code !== 'conflict') throw error;
    }
  }
  return written;
}
