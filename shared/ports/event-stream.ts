/** Largest record, partition key included, in bytes (Kinesis Data Streams, "Quotas and limits"). */
export const RECORD_BYTES_MAX = 1024 * 1024;

/** What became of one record of a put. */
export type PutOutcome =
  { kind: 'put'; sequence_number: string; shard_id: string } | { kind: 'failed'; reason: string };

/** The stream that producers' records go onto. */
export interface EventStream {
  /**
   * Puts records (each ≤ 1 MiB with its key) and answers for each, in order. Partial failures are
   * retried a few times inside; never throws for single records, `unavailable` when the stream cannot be reached.
   */
  put(records: readonly { partition_key: string; data: Uint8Array }[]): Promise<PutOutcome[]>;
}
