/** Digits of a sequence number, as long as the service's own. */
const DIGITS = 56;
const TAIL = 20;

/**
 * The part of a shard's sequence numbers that never changes: 36 digits holding creation time, shard
 * and stream, so that numbers of a stream made anew under the same name are higher and foreign ones
 * are recognised.
 */
export function sequencePrefix(createdAt: number, shardIndex: number, streamRow: number): string {
  const created = String(createdAt).padStart(13, '0');
  return `49${created}${String(shardIndex).padStart(6, '0')}${String(streamRow).padStart(15, '0')}`;
}

/** The sequence number of the shard's `position`-th record (a safe integer, from 1). */
export function formatSequence(prefix: string, position: number): string {
  return prefix + String(position).padStart(TAIL, '0');
}

/** The position within its shard; undefined when the number was not given out by this shard. */
export function parseSequence(prefix: string, sequenceNumber: string): number | undefined {
  if (sequenceNumber.length !== DIGITS || !sequenceNumber.startsWith(prefix)) return undefined;
  const tail = sequenceNumber.slice(-TAIL);
  if (!/^0{4}\d{16}$/.test(tail)) return undefined;
  const position = Number(tail);
  return Number.isSafeInteger(position) ? position : undefined;
}
