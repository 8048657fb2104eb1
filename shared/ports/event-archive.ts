/** Where raw records go for 90 days. */
export interface EventArchive {
  /** Writes one object whole; the same key overwrites. Throws `unavailable`. */
  put(objectKey: string, bytes: Uint8Array): Promise<void>;
}
