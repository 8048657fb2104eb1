import { DEFAULT_CHANNELS } from '#shared/notification/default-channels.ts';
import type { ChannelConfig, OwnChannel } from '#shared/notification/schema.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';

import { configOf } from './find-channel.ts';

/** A channel in force; `version` is 0 for a shipped one that nobody has changed. */
export type ListedChannel = ChannelConfig & { version: number };

/** A tenant's channels by id: its own, and those of the shipped ones it has none of its own for. */
export async function listChannels(
  store: Pick<DocumentStore<OwnChannel>, 'list'>,
  tenant: string,
): Promise<ListedChannel[]> {
  const own = (await store.list(tenant)).map((channel) => ({
    ...configOf(tenant, channel),
    version: channel.version,
  }));
  const taken = new Set(own.map(({ channel_id }) => channel_id));
  const shipped = DEFAULT_CHANNELS.filter(({ channel_id }) => !taken.has(channel_id));
  return [...own, ...shipped.map((channel) => ({ ...channel, version: 0 }))].sort((a, b) =>
    a.channel_id < b.channel_id ? -1 : 1,
  );
}
