import { PutCommand } from '@aws-sdk/lib-dynamodb';

import { SentryError } from '#shared/kernel/error.ts';
import { ChannelConfig } from '#shared/notification/schema.ts';
import type { ChannelStore, StoredChannel } from '#shared/ports/channel-store.ts';

import type { DynamoAccess, Item } from './dynamo-access.ts';
import { readConfig } from './dynamo-config-commit.ts';
import { judge, sendPatiently } from './dynamo-patience.ts';
import { queryRows } from './dynamo-query.ts';

const partition = (tenant: string) => `T#${tenant}#CHANNELS`;
const channelKey = (tenant: string, id: string) => ({ pk: partition(tenant), sk: `CHANNEL#${id}` });

function channelOf(item: Item): StoredChannel {
  const channel = ChannelConfig.parse(JSON.parse(String(item['body'])));
  return { channel, revision: Number(item['revision']) };
}

/** Channels as rows of the table `config`, each as one string. */
export function createDynamoChannelStore(access: DynamoAccess): ChannelStore {
  const { client, tables } = access;
  return {
    async get(tenant, channelId) {
      const item = await readConfig(access, channelKey(tenant, channelId));
      return item && channelOf(item);
    },
    async list(tenant) {
      const channels: StoredChannel[] = [];
      for await (const item of queryRows(access, {
        TableName: tables.config,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': partition(tenant) },
        ConsistentRead: true,
      }))
        channels.push(channelOf(item));
      return channels;
    },
    async put(tenant, channel, expected) {
      const guard =
        expected === 0
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: 'revision = :expected',
              ExpressionAttributeValues: { ':expected': expected },
            };
      const key = channelKey(tenant, channel.channel_id);
      const Item = { ...key, body: JSON.stringify(channel), revision: expected + 1 };
      try {
        await sendPatiently(access, () =>
          client.send(new PutCommand({ TableName: tables.config, Item, ...guard })),
        );
      } catch (cause) {
        if (judge(cause).kind !== 'lost') throw cause;
        throw new SentryError('conflict', 'Someone else changed this meanwhile.', { cause });
      }
    },
  };
}
