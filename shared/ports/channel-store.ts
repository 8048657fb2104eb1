import type { ChannelConfig } from '#shared/notification/schema.ts';

/** A stored channel and the revision to expect when replacing it. */
export interface StoredChannel {
  channel: ChannelConfig;
  revision: number;
}

/** A tenant's notification channels. All methods throw `unavailable` on throttling or network faults. */
export interface ChannelStore {
  get(tenant: string, channelId: string): Promise<StoredChannel | undefined>;
  /** By channel id, ascending. */
  list(tenant: string): Promise<StoredChannel[]>;
  /** Writes revision `expected + 1`; throws `conflict` unless the stored revision is `expected` (0 = absent). */
  put(tenant: string, channel: ChannelConfig, expected: number): Promise<void>;
}
