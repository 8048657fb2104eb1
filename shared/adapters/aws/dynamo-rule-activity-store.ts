import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';

import { SentryError } from '#shared/kernel/error.ts';
import type { RuleActivityStore } from '#shared/ports/rule-activity-store.ts';
import { ACTIVITY_HOUR_MS, type RuleActivity } from '#shared/rule/activity-schema.ts';

import type { DynamoAccess, Item } from './dynamo-access.ts';
import { judge, sendPatiently } from './dynamo-patience.ts';
import { queryRows } from './dynamo-query.ts';

const KEPT_MS = 8 * 24 * ACTIVITY_HOUR_MS;

const partition = (tenant: string) => `T#${tenant}#ACTIVITY`;
const sortOf = (hour: number) => `HOUR#${String(hour).padStart(9, '0')}`;
const keyOf = (tenant: string, hour: number, shard: string) => ({
  pk: partition(tenant),
  sk: `${sortOf(hour)}#${shard}`,
});

function rowOf(item: Item): RuleActivity {
  return {
    tenant: item.tenant as string,
    hour: item.hour as number,
    shard: item.shard as string,
    fence: item.fence as string,
    matches: JSON.parse(item.matches_json as string) as RuleActivity['matches'],
    revision: item.revision as number,
  };
}

/** The RuleActivityStore over the table `state`. */
export function createDynamoRuleActivityStore(access: DynamoAccess): RuleActivityStore {
  const { client, tables } = access;
  return {
    async get(tenant, hour, shard) {
      const command = new GetCommand({
        TableName: tables.state,
        Key: keyOf(tenant, hour, shard),
        ConsistentRead: true,
      });
      const { Item: item } = await sendPatiently(access, () => client.send(command));
      return item && rowOf(item);
    },
    async put({ matches, ...row }) {
      const command = new PutCommand({
        TableName: tables.state,
        Item: {
          ...keyOf(row.tenant, row.hour, row.shard),
          ...row,
          matches_json: JSON.stringify(matches),
          expires_at: Math.floor((row.hour * ACTIVITY_HOUR_MS + KEPT_MS) / 1000),
        },
        ...(row.revision === 1
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: 'revision = :expected',
              ExpressionAttributeValues: { ':expected': row.revision - 1 },
            }),
      });
      try {
        await sendPatiently(access, () => client.send(command));
      } catch (cause) {
        if (judge(cause).kind !== 'lost') throw cause;
        throw new SentryError('conflict', 'Someone else counted meanwhile.', { cause });
      }
    },
    async list(tenant, fromHour) {
      const rows: RuleActivity[] = [];
      for await (const item of queryRows(access, {
        TableName: tables.state,
        KeyConditionExpression: 'pk = :pk AND sk >= :from',
        ExpressionAttributeValues: { ':pk': partition(tenant), ':from': sortOf(fromHour) },
      }))
        rows.push(rowOf(item));
      return rows;
    },
  };
}
