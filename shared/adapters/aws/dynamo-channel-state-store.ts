import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';

import { SentryError } from '#shared/kernel/error.ts';
import {
  CHANNEL_COUNTERS,
  type ChannelHour,
  type ChannelStateStore,
} from '#shared/ports/channel-state-store.ts';

import type { DynamoAccess, Item } from './dynamo-access.ts';
import { judge, sendPatiently } from './dynamo-patience.ts';
import { takeRows } from './dynamo-query.ts';

const HOUR_MS = 3_600_000;
const KEPT_MS = 30 * 24 * HOUR_MS;

/** What channels remember, in the table `state`; `ends_at` is the exact end, TTL only tidies up. */
export function createDynamoChannelStateStore(access: DynamoAccess): ChannelStateStore {
  const TableName = access.tables.state;
  const { client } = access;
  const partition = (tenant: string, channelId: string) => `T#${tenant}#CHANNEL#${channelId}`;
  return {
    async get(tenant, channelId, name) {
      const Key = { pk: partition(tenant, channelId), sk: `STATE#${name}` };
      const { Item: found } = await sendPatiently(access, () =>
        client.send(new GetCommand({ TableName, Key, ConsistentRead: true })),
      );
      if (!found || (found['ends_at'] as number) <= access.now()) return undefined;
      return {
        value: JSON.parse(found['value_json'] as string) as unknown,
        revision: found['revision'] as number,
      };
    },
    async put(tenant, channelId, name, { value, expected, expiresAt }) {
      const put = new PutCommand({
        TableName,
        Item: {
          pk: partition(tenant, channelId),
          sk: `STATE#${name}`,
          value_json: JSON.stringify(value),
          revision: expected + 1,
          ends_at: expiresAt,
          expires_at: Math.ceil(expiresAt / 1000),
        },
        ...(expected === 0
          ? {
              ConditionExpression: 'attribute_not_exists(pk) OR ends_at <= :now',
              ExpressionAttributeValues: { ':now': access.now() },
            }
          : {
              ConditionExpression: 'revision = :expected',
              ExpressionAttributeValues: { ':expected': expected },
            }),
      });
      try {
        await sendPatiently(access, () => client.send(put));
      } catch (error) {
        if (judge(error).kind !== 'lost') throw error;
        throw new SentryError('conflict', 'Someone else changed this meanwhile.', { cause: error });
      }
    },
    async count(tenant, channelId, { counter, at, words }) {
      const hour = new Date(Math.floor(at / HOUR_MS) * HOUR_MS).toISOString();
      const update = new UpdateCommand({
        TableName,
        Key: { pk: partition(tenant, channelId), sk: `HOUR#${hour}` },
        UpdateExpression: 'ADD #count :one SET #last = :last, expires_at = :expires',
        ExpressionAttributeNames: { '#count': `count_${counter}`, '#last': `last_${counter}` },
        ExpressionAttributeValues: {
          ':one': 1,
          ':last': JSON.stringify({ at: new Date(at).toISOString(), words }),
          ':expires': Math.ceil((at + KEPT_MS) / 1000),
        },
      });
      await sendPatiently(access, () => client.send(update));
    },
    async hours(tenant, channelId, limit) {
      const query = {
        TableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :hour)',
        ExpressionAttributeValues: { ':pk': partition(tenant, channelId), ':hour': 'HOUR#' },
        ScanIndexForward: false,
      };
      return (await takeRows(access, query, limit)).map(hourOf);
    },
  };
}

function hourOf(item: Item): ChannelHour {
  const row: ChannelHour = { hour: String(item['sk']).slice('HOUR#'.length), counts: {}, last: {} };
  for (const counter of CHANNEL_COUNTERS) {
    const count = item[`count_${counter}`];
    if (typeof count !== 'number') continue;
    row.counts[counter] = count;
    row.last[counter] = JSON.parse(String(item[`last_${counter}`])) as { at: string };
  }
  return row;
}
