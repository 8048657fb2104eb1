/** What is counted of a channel, an hour at a time. */
export const CHANNEL_COUNTERS = [
  /** Messages that a receiver took. */
  'sent',
  /** Attempts that came to nothing, whatever follows. */
  'failed',
  /** Messages that went no further. */
  'dead',
  /** Messages that waited, because the receiver's limit was reached. */
  'put_off',
  /** What the receiver's own webhook told us. */
  'heard',
  /** Of those, what was about no alert of ours. */
  'unknown',
] as const;
export type ChannelCounter = (typeof CHANNEL_COUNTERS)[number];

/** What is counted beside a time and a few words. */
export interface ChannelCount {
  counter: ChannelCounter;
  /** Milliseconds since the epoch. */
  at: number;
  /** Receipt of a success, reason of a failure; never a secret. */
  words?: string;
}

/** One hour of one channel: the counters, and the last words under each. */
export interface ChannelHour {
  /** RFC 3339, the beginning. */
  hour: string;
  counts: Partial<Record<ChannelCounter, number>>;
  last: Partial<Record<ChannelCounter, { at: string; words?: string }>>;
}

/** A small JSON value and the revision to expect when replacing it. */
export interface StoredState {
  value: unknown;
  revision: number;
}

/**
 * What a channel remembers between calls: its pace, merges, tests, and how it fared. None of it is
 * the truth about a message; that is the delivery's row. All methods throw `unavailable` on passing faults.
 */
export interface ChannelStateStore {
  /** The value under `name` of one channel, strongly consistent; undefined once it has expired. */
  get(tenant: string, channelId: string, name: string): Promise<StoredState | undefined>;
  /**
   * Writes revision `expected + 1`; throws `conflict` unless the stored revision is `expected`
   * (0 = absent or expired). Gone from `expiresAt` on, milliseconds since the epoch.
   */
  put(
    tenant: string,
    channelId: string,
    name: string,
    state: { value: unknown; expected: number; expiresAt: number },
  ): Promise<void>;
  /** Adds one; never in anybody's way. Kept for 30 days. */
  count(tenant: string, channelId: string, count: ChannelCount): Promise<void>;
  /** The last `limit` hours in which anything was counted, newest first. */
  hours(tenant: string, channelId: string, limit: number): Promise<ChannelHour[]>;
}
