import { DEFAULT_CHANNELS } from '#shared/notification/default-channels.ts';
import type { ChannelConfig } from '#shared/notification/schema.ts';
import type { ChannelStore } from '#shared/ports/channel-store.ts';

/** A tenant's channels by id: its own, and those of the shipped ones it has none of its own for. */
export async function listChannels(store: ChannelStore, tenant: string): Promise<ChannelConfig[]> {
  const own = (await store.list(tenant)).map(({ channel }) => channel);
  const taken = new Set(own.map(({ channel_id }) => channel_id));
  const shipped = DEFAULT_CHANNELS.filter(({ channel_id }) => !taken.has(channel_id));
  return [...own, ...shipped].sort((a, b) => (a.channel_id < b.channel_id ? -1 : 1));
}
