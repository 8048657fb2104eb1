import type { RuleStore } from '#shared/ports/rule-store.ts';
import { RuleCost } from '#shared/rule/cost-schema.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';

import type { DynamoAccess, Item } from './dynamo-access.ts';
import { commitConfig, readConfig, ruleSetPointerKey } from './dynamo-config-commit.ts';
import { queryRows } from './dynamo-query.ts';

/** Begins the keys of newest versions. */
const CURRENT = 'RULE#';
const rulesKey = (tenant: string) => `T#${tenant}#RULES`;
const ruleKey = (tenant: string, ruleId: string) => ({
  pk: rulesKey(tenant),
  sk: `${CURRENT}${ruleId}`,
});
const versionSort = (rule: DetectionRule) =>
  `VERSION#${rule.rule_id}#${String(rule.version).padStart(8, '0')}`;

/** A pattern may hold any keys, so a rule is kept as one string. */
const itemOf = (key: Item, rule: DetectionRule, cost: RuleCost | undefined): Item => ({
  ...key,
  rule_id: rule.rule_id,
  version: rule.version,
  body: JSON.stringify(rule),
  ...cost,
});
const ruleOf = (item: Item): DetectionRule => JSON.parse(item.body as string) as DetectionRule;
const costIn = (item: Item | undefined): RuleCost | undefined => RuleCost.safeParse(item).data;

/** Rules in the table `config`; journal and outbox in the same transaction. */
export function createDynamoRuleStore(access: DynamoAccess): RuleStore {
  const { tables } = access;

  function rows(tenant: string, prefix: string) {
    return queryRows(access, {
      TableName: tables.config,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': rulesKey(tenant), ':prefix': prefix },
      ConsistentRead: true,
      ScanIndexForward: prefix === CURRENT,
    });
  }

  async function query(tenant: string, prefix: string): Promise<DetectionRule[]> {
    const rules: DetectionRule[] = [];
    for await (const item of rows(tenant, prefix)) rules.push(ruleOf(item));
    return rules;
  }

  return {
    list: (tenant) => query(tenant, CURRENT),
    async get(tenant, ruleId) {
      const item = await readConfig(access, ruleKey(tenant, ruleId));
      return item && ruleOf(item);
    },
    async costs(tenant) {
      const costs = new Map<string, RuleCost>();
      for await (const item of rows(tenant, CURRENT)) {
        const cost = costIn(item);
        if (cost !== undefined) costs.set(item.rule_id as string, cost);
      }
      return costs;
    },
    async costOf(tenant, ruleId) {
      return costIn(await readConfig(access, ruleKey(tenant, ruleId)));
    },
    versions: (tenant, ruleId) => query(tenant, `VERSION#${ruleId}#`),
    async ruleSetRevision(tenant) {
      const item = await readConfig(access, ruleSetPointerKey(tenant));
      return typeof item?.revision === 'number' ? item.revision : 0;
    },
    save(tenant, { rule, expected, journal, outbox, cost }) {
      const head = itemOf(ruleKey(tenant, rule.rule_id), rule, cost);
      const version = itemOf({ pk: rulesKey(tenant), sk: versionSort(rule) }, rule, cost);
      return commitConfig(access, {
        head,
        expected,
        isOurs: ({ body }) => body === head['body'],
        show: ruleOf,
        noun: 'this rule',
        others: [{ item: version, isNew: true }],
        ruleSetOf: tenant,
        journal,
        outbox,
      });
    },
  };
}
