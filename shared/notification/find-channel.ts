import { DEFAULT_CHANNELS } from '#shared/notification/default-channels.ts';
import type { ChannelConfig } from '#shared/notification/schema.ts';
import type { ChannelStore } from '#shared/ports/channel-store.ts';

/** The channel of that id: the tenant's own, else the shipped one, else undefined. */
export async function findChannel(
  store: ChannelStore,
  tenant: string,
  channelId: string,
): Promise<ChannelConfig | undefined> {
  const own = await store.get(tenant, channelId);
  return own?.channel ?? DEFAULT_CHANNELS.find((channel) => channel.channel_id === channelId);
}
