import type { SourceRecord } from '#infra/local/service.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 6 MB synchronous payload. */
const PAYLOAD_BYTES_MAX = 6 * 1024 * 1024;

/** Records of one shard that go to the function one batch after the other. */
export class Lane {
  readonly #batchSize: number;
  #queue: SourceRecord[] = [];
  #bytes = 0;
  /** A batch of this lane is with the function. */
  busy = false;
  /** When the batch now gathering got its first record. */
  openedAt = 0;
  /** Cancels the wake-up at the end of the batch window. */
  cancelWindow: (() => void) | undefined;

  constructor(batchSize: number) {
    this.#batchSize = batchSize;
  }

  get length(): number {
    return this.#queue.length;
  }

  /** Nothing more fits into the next batch. */
  get full(): boolean {
    return this.#queue.length >= this.#batchSize || this.#bytes >= PAYLOAD_BYTES_MAX;
  }

  /** What it holds is several batches already: reading on for its neighbours has to wait. */
  get overfull(): boolean {
    return this.#queue.length >= this.#batchSize * 4 || this.#bytes >= PAYLOAD_BYTES_MAX * 4;
  }

  /** How many more records the next batch could take. */
  get room(): number {
    return Math.max(this.#batchSize - this.#queue.length, 0);
  }

  push(record: SourceRecord, now: number): void {
    if (this.#queue.length === 0) this.openedAt = now;
    this.#queue.push(record);
    this.#bytes += record.bytes;
  }

  /** Takes the next batch: at most the batch size and 6 MB, one record at least. */
  take(now: number): SourceRecord[] {
    let bytes = 0;
    let count = 0;
    while (count < this.#queue.length && count < this.#batchSize) {
      const next = bytes + this.#queue[count]!.bytes;
      if (count > 0 && next > PAYLOAD_BYTES_MAX) break;
      bytes = next;
      count += 1;
    }
    const batch = this.#queue.slice(0, count);
    this.#queue = this.#queue.slice(count);
    this.#bytes -= bytes;
    this.openedAt = now;
    return batch;
  }
}

/** The lane of a partition key: the same key always goes the same way (FNV-1a). */
export function laneOf(partitionKey: string, lanes: number): number {
  if (lanes === 1) return 0;
  let hash = 0x811c9dc5;
  for (let index = 0; index < partitionKey.length; index += 1) {
    hash = Math.imul(hash ^ partitionKey.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % lanes;
}
