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

/** The ids of one bucket while a batch is folded. */
export class SeenIds {
  readonly #marks: Set<string>;
  readonly #former: SeenBucket | undefined;
  #added = 0;
  /** True once an id could no longer be remembered: from then on only the fence guards. */
  full = false;

  constructor(former: SeenBucket | undefined) {
    this.#former = former;
    this.#marks = new Set();
    if (former === undefined) return;
    const { buffer, byteOffset, length } = former.ids;
    // One string cut into marks: a call a mark would be most of what a busy bucket costs.
    const ids = Buffer.from(buffer, byteOffset, length).toString('latin1');
    for (let at = 0; at + ID_BYTES <= ids.length; at += ID_BYTES)
      this.#marks.add(ids.slice(at, at + ID_BYTES));
  }

  /** Remembers an id; false when it was there already. */
  add(eventId: string): boolean {
    const mark = markOf(eventId);
    if (this.#marks.has(mark)) return false;
    if (this.#marks.size >= SEEN_IDS_MAX) this.full = true;
    else {
      this.#marks.add(mark);
      this.#added++;
    }
    return true;
  }

  /** The row to write, ids in ascending order so that it does not depend on arrival; undefined when nothing was added. */
  row(
    key: Pick<SeenBucket, 'tenant' | 'rule_id' | 'series_key' | 'bucket'>,
  ): SeenBucket | undefined {
    if (this.#added === 0) return undefined;
    const ids = Buffer.from([...this.#marks].sort().join(''), 'latin1');
    return { ...key, ids: new Uint8Array(ids), revision: (this.#former?.revision ?? 0) + 1 };
  }
}
