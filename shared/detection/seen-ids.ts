import { hash } from 'node:crypto';

import { SEEN_BUCKET_MS, SEEN_IDS_MAX } from './series.ts';
import type { SeenBucket } from './series.ts';

const ID_BYTES = 8;

/** The bucket of a stated event time (ms). Times that no bucket number can hold share bucket 0. */
export function bucketOf(statedAt: number): number {
  const bucket = Math.floor(statedAt / SEEN_BUCKET_MS);
  return Number.isSafeInteger(bucket) ? bucket : 0;
}

/** The first 8 bytes of sha-256, as text of 8 one-byte characters. */
function markOf(eventId: string): string {
  return hash('sha256', eventId, 'binary').slice(0, ID_BYTES);
}

/**
 * The ids of one bucket while a batch is folded. What is stored stays as it is, sorted, and is searched:
 * a busy bucket holds thousands, of which a batch asks for a few.
 */
export class SeenIds {
  readonly #former: SeenBucket | undefined;
  readonly #stored: Uint8Array;
  readonly #added = new Set<string>();
  /** True once an id could no longer be remembered: from then on only the fence guards. */
  full = false;

  constructor(former: SeenBucket | undefined) {
    this.#former = former;
    this.#stored = former?.ids ?? new Uint8Array(0);
  }

  /** Remembers an id; false when it was there already. */
  add(eventId: string): boolean {
    const mark = markOf(eventId);
    if (this.#added.has(mark)) return false;
    const at = placeOf(mark, this.#stored);
    if (at < this.#stored.length && compareMark(mark, this.#stored, at) === 0) return false;
    if (this.#stored.length / ID_BYTES + this.#added.size >= SEEN_IDS_MAX) this.full = true;
    else this.#added.add(mark);
    return true;
  }

  /** The row to write, ids in ascending order so that it does not depend on arrival; undefined when nothing was added. */
  row(
    key: Pick<SeenBucket, 'tenant' | 'rule_id' | 'series_key' | 'bucket'>,
  ): SeenBucket | undefined {
    if (this.#added.size === 0) return undefined;
    const stored = this.#stored;
    const ids = new Uint8Array(stored.length + this.#added.size * ID_BYTES);
    let taken = 0;
    let written = 0;
    for (const mark of [...this.#added].sort()) {
      const place = placeOf(mark, stored);
      ids.set(stored.subarray(taken, place), written);
      written += place - taken;
      taken = place;
      for (let byte = 0; byte < ID_BYTES; byte++) ids[written++] = mark.charCodeAt(byte);
    }
    ids.set(stored.subarray(taken), written);
    return { ...key, ids, revision: (this.#former?.revision ?? 0) + 1 };
  }
}

/** Where in the sorted ids, in bytes, the mark stands or would stand. */
function placeOf(mark: string, ids: Uint8Array): number {
  let low = 0;
  let high = ids.length / ID_BYTES;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareMark(mark, ids, middle * ID_BYTES) > 0) low = middle + 1;
    else high = middle;
  }
  return low * ID_BYTES;
}

/** Negative when the mark comes before the id that begins at `at`, 0 when it is the same. */
function compareMark(mark: string, ids: Uint8Array, at: number): number {
  for (let byte = 0; byte < ID_BYTES; byte++) {
    const difference = mark.charCodeAt(byte) - ids[at + byte]!;
    if (difference !== 0) return difference;
  }
  return 0;
}
