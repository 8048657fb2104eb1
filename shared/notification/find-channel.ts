import { DEFAULT_CHANNELS } from '#shared/notification/default-channels.ts';
import type { ChannelConfig, OwnChannel } from '#shared/notification/schema.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';

/** The channel of that id: the tenant's own, else the shipped one, else undefined. */
export async function findChannel(
  store: Pick<DocumentStore<OwnChannel>, 'get'>,
  tenant: string,
  channelId: string,
): Promise<ChannelConfig | undefined> {
  const own = await store.get(tenant, channelId);
  if (own !== undefined && own.removed !== true) return configOf(tenant, own);
  return DEFAULT_CHANNELS.find((channel) => channel.channel_id === channelId);
}

/**
 * A tenant's own channel as senders take it. Its secret stands where tenant and channel say, or where
 * the shipped channel has it whose place it takes, so nobody can send with another tenant's.
 */
export function configOf(tenant: string, own: OwnChannel): ChannelConfig {
  const { version: _v, author: _a, updated_at: _u, removed: _r, ...config } = own;
  const shipped = DEFAULT_CHANNELS.find(({ channel_id }) => channel_id === own.channel_id);
  if (shipped) return { ...config, ...(shipped.secret && { secret: shipped.secret }) };
  if (own.channel === 'email') return config;
  return { ...config, secret: `/sentry/channel/${tenant}/${own.channel_id}` };
}
