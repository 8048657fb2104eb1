/** Width of one duplicate-detection bucket, in milliseconds of stated event time. */
export const SEEN_BUCKET_MS = 60_000;
/** Most event ids one bucket remembers exactly; beyond it only the fence guards (ADR 0006). */
export const SEEN_IDS_MAX = 8_192;

/** Detector state of one (rule, series), written in the same commit as the alert it fed. */
export interface Series {
  tenant: string;
  rule_id: string;
  series_key: string;
  rule_version: number;
  /** Last folded Kinesis sequence number per shard id: a record at or below it was folded already. */
  fence: Record<string, string>;
  /** The detector's packed state; empty for stateless kinds. */
  state: Uint8Array;
  /** RFC 3339; the row goes `idle_seconds` after it. */
  touched_at: string;
  idle_seconds: number;
  /** RFC 3339; when the series is to be judged though no event comes. Absent: never. */
  due_at?: string;
  /** The newest event, of kinds that find silence: what `packLastEvent` made of it. */
  last_event_json?: string;
  revision: number;
}

/** When the row of a series goes, in milliseconds since the epoch. */
export function seriesExpiry({ touched_at, idle_seconds }: Series): number {
  return Date.parse(touched_at) + idle_seconds * 1000;
}

/** What spreads the series that are due over the shards of the index. */
export function seriesDueId(row: Pick<Series, 'tenant' | 'rule_id' | 'series_key'>): string {
  return `${row.tenant} ${row.rule_id} ${row.series_key.toWellFormed()}`;
}

/**
 * Ids of the events one series folded, for one minute of stated event time. The same event stated
 * twice falls into the same bucket whatever record or shard brings it.
 */
export interface SeenBucket {
  tenant: string;
  rule_id: string;
  series_key: string;
  /** floor(stated time / SEEN_BUCKET_MS). */
  bucket: number;
  /** 8-byte prefixes of sha-256(event_id), concatenated. */
  ids: Uint8Array;
  revision: number;
}

/** How far the detector has come in one shard of the stream. Times are RFC 3339. */
export interface Lane {
  shard: string;
  /** When the newest record arrived that is done, or the oldest that is not. */
  arrived_at: string;
  noted_at: string;
}

/** The series of a tenant that were touched in one week: `packSketch` of them. */
export interface SeriesCensus {
  tenant: string;
  /** Weeks since the Unix epoch. */
  week: number;
  sketch: Uint8Array;
  revision: number;
}

/** Kept for as long as it is asked for: the week itself and the one after. In milliseconds since the epoch. */
export function censusExpiry({ week }: SeriesCensus): number {
  return (week + 3) * 7 * 86_400_000;
}
