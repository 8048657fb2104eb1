/** Larger raw bytes go to the object store. */
export const INLINE_BYTES_MAX = 32 * 1024;
/** Identical bytes refused for the same reason, counted; kept until replayed or 90 days idle. */
export interface QuarantineRow {
  quarantine_id: string;
  tenant: string;
  reason: string;
  detail: string;
  origin: 'kinesis' | 'api';
  state: 'HELD' | 'REPLAYED';
  count: number;
  first_seen: string;
  last_seen: string;
  size_bytes: number;
  /** The bytes as they came, base64; absent when they lie under `object_key`. */
  raw_base64?: string;
  object_key?: string;
  replayed_by?: string;
  replayed_at?: string;
  /** Last counted Kinesis sequence number per shard, so that a redelivery counts once. */
  fence: Record<string, string>;
  revision: number;
}

/** Something refused; `shard` and `sequence` are there when it came by the stream. */
export interface Refused {
  tenant: string;
  origin: 'kinesis' | 'api';
  reason: string;
  detail: string;
  raw: Uint8Array;
  shard?: string;
  sequence?: string;
}
