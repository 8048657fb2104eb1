import { LOCAL_ACCOUNT } from '#infra/local/service.ts';

import type { Shard, Stream } from './store.ts';

/** Why one record of a PutRecords call was not taken. */
export interface Refusal {
  ErrorCode: 'ProvisionedThroughputExceededException' | 'InternalFailure';
  ErrorMessage: string;
}

const RECORDS_PER_SECOND = 1000;
const BYTES_PER_SECOND = 1024 * 1024;

/** What each shard has taken within the current second: 1,000 records and 1 MiB are allowed. */
export class ThroughputLimit {
  readonly #seconds = new WeakMap<Shard, { second: number; records: number; bytes: number }>();

  /** Counts the record in and gives undefined, or says why it is over the limit. */
  admit(stream: Stream, shard: Shard, bytes: number, now: number): Refusal | undefined {
    const second = Math.floor(now / 1000);
    let used = this.#seconds.get(shard);
    if (used?.second !== second) {
      used = { second, records: 0, bytes: 0 };
      this.#seconds.set(shard, used);
    }
    if (used.records + 1 > RECORDS_PER_SECOND || used.bytes + bytes > BYTES_PER_SECOND) {
      return rateExceeded(stream, shard);
    }
    used.records += 1;
    used.bytes += bytes;
    return undefined;
  }
}

function rateExceeded(stream: Stream, shard: Shard): Refusal {
  return {
    ErrorCode: 'ProvisionedThroughputExceededException',
    ErrorMessage: `Rate exceeded for shard ${shard.id} in stream ${stream.name} under account ${LOCAL_ACCOUNT}.`,
  };
}

/** Refuses about `ratio` of all records, the same ones for the same seed (xorshift32). */
export function createPutFault(ratio: number, seed: number) {
  let state = (seed | 0) === 0 ? 1 : seed | 0;
  function next(): number {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  }
  return (stream: Stream, shard: Shard): Refusal | undefined => {
    if (next() >= ratio) return undefined;
    return next() < 0.5
      ? rateExceeded(stream, shard)
      : { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal Service Failure' };
  };
}
