import { hash } from 'node:crypto';

const SPACE = 1n << 128n;

/** One shard's part of the 128-bit hash key space; both ends belong to it. */
export interface HashRange {
  start: bigint;
  end: bigint;
}

/** The hash key space cut into `count` even ranges, as CreateStream does; the last takes the rest. */
export function evenRanges(count: number): HashRange[] {
  const width = SPACE / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    start: width * BigInt(index),
    end: index === count - 1 ? SPACE - 1n : width * BigInt(index + 1) - 1n,
  }));
}

/** An ExplicitHashKey as a number; undefined when it is none below 2^128. */
export function parseHashKey(text: string): bigint | undefined {
  if (!/^(0|[1-9]\d{0,38})$/.test(text)) return undefined;
  const key = BigInt(text);
  return key < SPACE ? key : undefined;
}

/**
 * Makes the function that gives the index of the shard a partition key (by its MD5) or an explicit
 * hash key falls into. The first 48 bits decide without big integers, except on a border.
 */
export function createRouter(ranges: readonly HashRange[]) {
  const borders = ranges.map((range) => Number(range.start >> 80n));
  const exact = ranges.map((range) => (range.start & ((1n << 80n) - 1n)) === 0n);

  function byNumber(key: bigint): number {
    return ranges.findLastIndex((range) => range.start <= key);
  }

  return function route(partitionKey: string, explicit?: bigint): number {
    if (explicit !== undefined) return byNumber(explicit);
    if (ranges.length === 1) return 0;
    const digest = hash('md5', partitionKey, 'buffer');
    const head = digest.readUIntBE(0, 6);
    for (let index = borders.length - 1; index > 0; index -= 1) {
      const border = borders[index]!;
      if (head > border || (head === border && exact[index])) return index;
      if (head === border) return byNumber(BigInt(`0x${digest.toString('hex')}`));
    }
    return 0;
  };
}
