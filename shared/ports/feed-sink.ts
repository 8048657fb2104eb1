import type { FeedFrame } from '#shared/live/schema.ts';

/** Takes what a detect batch shows of itself to live viewers; rows go by themselves within minutes. */
export interface FeedSink {
  /**
   * Puts the frame of the batch that ended with `sequence` of `shard`; the same batch replaces itself.
   * Throws `unavailable` on throttling or network faults; the feed is lossy, so the caller may go on.
   */
  put(tenant: string, shard: string, sequence: string, frame: FeedFrame): Promise<void>;
}
