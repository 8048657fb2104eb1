import { ChannelConfig } from '#shared/notification/schema.ts';
import type { ChannelStore, StoredChannel } from '#shared/ports/channel-store.ts';

import type { DynamoAccess } from './dynamo-access.ts';
import { createDocumentTable, type StoredDocument } from './dynamo-documents.ts';

const partition = (tenant: string) => `T#${tenant}#CHANNELS`;

function channelOf({ body, revision }: StoredDocument): StoredChannel {
  return { channel: ChannelConfig.parse(JSON.parse(body)), revision };
}

/** Channels as documents of the table `config`. */
export function createDynamoChannelStore(access: DynamoAccess): ChannelStore {
  const table = createDocumentTable(access);
  return {
    async get(tenant, channelId) {
      const found = await table.get(partition(tenant), `CHANNEL#${channelId}`);
      return found && channelOf(found);
    },
    async list(tenant) {
      return (await table.list(partition(tenant))).map(channelOf);
    },
    async put(tenant, channel, expected) {
      const key = `CHANNEL#${channel.channel_id}`;
      await table.put(partition(tenant), key, JSON.stringify(channel), expected);
    },
  };
}
