import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';

import { SentryError } from '#shared/kernel/error.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';
import { RuleCost } from '#shared/rule/cost-schema.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';

import type { DynamoAccess, Item } from './dynamo-access.ts';
import { entryItem, outboxItem } from './dynamo-journal-items.ts';
import { judge, sendPatiently } from './dynamo-patience.ts';
import { queryRows } from './dynamo-query.ts';

/** Begins the keys of newest versions. */
const CURRENT = 'RULE#';
const rulesKey = (tenant: string) => `T#${tenant}#RULES`;
const ruleKey = (tenant: string, ruleId: string) => ({
  pk: rulesKey(tenant),
  sk: `${CURRENT}${ruleId}`,
});
/** Moves with everything that rules are compiled of. */
export const ruleSetPointerKey = (tenant: string) => ({
  pk: `T#${tenant}#RULESET`,
  sk: 'POINTER',
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
  const { client, tables } = access;

  async function get(key: Item): Promise<Item | undefined> {
    const command = new GetCommand({ TableName: tables.config, Key: key, ConsistentRead: true });
    return (await sendPatiently(access, () => client.send(command))).Item;
  }

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
      const item = await get(ruleKey(tenant, ruleId));
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
      return costIn(await get(ruleKey(tenant, ruleId)));
    },
    versions: (tenant, ruleId) => query(tenant, `VERSION#${ruleId}#`),
    async ruleSetRevision(tenant) {
      const item = await get(ruleSetPointerKey(tenant));
      return typeof item?.revision === 'number' ? item.revision : 0;
    },
    async save(tenant, { rule, expected, journal, outbox, cost }) {
      const append = (item: Item) => ({
        Put: {
          TableName: tables.journal,
          Item: item,
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      });
      const command = new TransactWriteCommand({
        TransactItems: [
          {
            Put: {
              TableName: tables.config,
              Item: itemOf(ruleKey(tenant, rule.rule_id), rule, cost),
              ...(expected === 0
                ? { ConditionExpression: 'attribute_not_exists(pk)' }
                : {
                    ConditionExpression: '#version = :expected',
                    ExpressionAttributeNames: { '#version': 'version' },
                    ExpressionAttributeValues: { ':expected': expected },
                  }),
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            },
          },
          {
            Put: {
              TableName: tables.config,
              Item: itemOf({ pk: rulesKey(tenant), sk: versionSort(rule) }, rule, cost),
              ConditionExpression: 'attribute_not_exists(pk)',
            },
          },
          {
            Update: {
              TableName: tables.config,
              Key: ruleSetPointerKey(tenant),
              UpdateExpression: 'ADD revision :one',
              ExpressionAttributeValues: { ':one': 1 },
            },
          },
          ...journal.map((entry) => append(entryItem(entry))),
          ...outbox.map((row) => append(outboxItem(row))),
        ],
      });
      try {
        await sendPatiently(access, () => client.send(command));
      } catch (error) {
        if (judge(error).kind !== 'lost') throw error;
        const current = await get(ruleKey(tenant, rule.rule_id));
        // The answer to our own write was lost and it was sent again.
        if (current?.body === JSON.stringify(rule)) return;
        throw new SentryError('conflict', 'Someone else changed this rule meanwhile.', {
          current: current && ruleOf(current),
          cause: error,
        });
      }
    },
  };
}
