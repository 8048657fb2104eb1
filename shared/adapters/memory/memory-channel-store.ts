import { SentryError } from '#shared/kernel/error.ts';
import type { ChannelStore, StoredChannel } from '#shared/ports/channel-store.ts';

/** Channels in this process's memory, for tests. */
export function createMemoryChannelStore(): ChannelStore {
  const tenants = new Map<string, Map<string, StoredChannel>>();
  return {
    async get(tenant, channelId) {
      return structuredClone(tenants.get(tenant)?.get(channelId));
    },
    async list(tenant) {
      const rows = [...(tenants.get(tenant)?.values() ?? [])];
      return structuredClone(
        rows.sort((a, b) => (a.channel.channel_id < b.channel.channel_id ? -1 : 1)),
      );
    },
    async put(tenant, channel, expected) {
      const rows = tenants.get(tenant) ?? new Map<string, StoredChannel>();
      if ((rows.get(channel.channel_id)?.revision ?? 0) !== expected)
        throw new SentryError('conflict', 'Someone else changed this meanwhile.');
      rows.set(channel.channel_id, structuredClone({ channel, revision: expected + 1 }));
      tenants.set(tenant, rows);
    },
  };
}
