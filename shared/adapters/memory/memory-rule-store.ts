import { SentryError } from '#shared/kernel/error.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';
import type { RuleCost } from '#shared/rule/cost-schema.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';

import { keepTold, memoryKey, type MemoryTables } from './memory-tables.ts';

/** A RuleStore in memory; journal and outbox go into the given tables. For tests. */
export function createMemoryRuleStore(tables: Pick<MemoryTables, 'journal' | 'outbox'>): RuleStore {
  const versions = new Map<string, { tenant: string; rules: DetectionRule[] }>();
  const revisions = new Map<string, number>();
  const costs = new Map<string, RuleCost>();
  const of = (tenant: string, ruleId: string) =>
    versions.get(memoryKey(tenant, ruleId))?.rules ?? [];

  return {
    async list(tenant) {
      return [...versions.values()]
        .filter((entry) => entry.tenant === tenant)
        .map(({ rules }) => structuredClone(rules.at(-1)!))
        .sort((a, b) => (a.rule_id < b.rule_id ? -1 : 1));
    },
    async get(tenant, ruleId) {
      return structuredClone(of(tenant, ruleId).at(-1));
    },
    async costs(tenant) {
      return new Map(
        [...versions.values()].flatMap(({ tenant: owner, rules: [rule] }) => {
          const cost = owner === tenant && costs.get(memoryKey(tenant, rule!.rule_id));
          return cost ? [[rule!.rule_id, structuredClone(cost)]] : [];
        }),
      );
    },
    async costOf(tenant, ruleId) {
      return structuredClone(costs.get(memoryKey(tenant, ruleId)));
    },
    async versions(tenant, ruleId) {
      return structuredClone(of(tenant, ruleId).toReversed());
    },
    async save(tenant, { rule, expected, journal, outbox, cost }) {
      const rules = of(tenant, rule.rule_id);
      const current = rules.at(-1);
      if ((current?.version ?? 0) !== expected)
        throw new SentryError('conflict', 'Someone else changed this rule meanwhile.', {
          current: structuredClone(current),
        });
      versions.set(memoryKey(tenant, rule.rule_id), {
        tenant,
        rules: [...rules, structuredClone(rule)],
      });
      if (cost === undefined) costs.delete(memoryKey(tenant, rule.rule_id));
      else costs.set(memoryKey(tenant, rule.rule_id), structuredClone(cost));
      revisions.set(tenant, (revisions.get(tenant) ?? 0) + 1);
      keepTold(tables, journal, outbox);
    },
    async ruleSetRevision(tenant) {
      return revisions.get(tenant) ?? 0;
    },
  };
}
