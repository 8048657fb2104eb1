/** Where raw records go for 90 days. */
export interface EventArchive {
  /** Writes one object whole; the same key overwrites. Throws `unavailable`. */
  put(objectKey: string, bytes: Uint8Array): Promise<void>;
  /** The keys that begin with `prefix`, ascending, a page at a time. Throws `unavailable`. */
  list(prefix: string): AsyncIterable<readonly string[]>;
  /** Throws `not_found` for an object that is gone, `unavailable`. */
  get(objectKey: string): Promise<Uint8Array>;
}
