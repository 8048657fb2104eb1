import { createHash } from 'node:crypto';

/** How PutEvents misbehaves: each entry fails with probability `ratio`, the same ones for the same seed. */
export interface BusFault {
  kind: 'fail_entries';
  ratio: number;
  seed: number;
}

/** Numbers in [0, 1) that depend on the seed alone. */
export function seededRandom(seed: number): () => number {
  let count = 0;
  return () => {
    count += 1;
    return createHash('sha256').update(`${seed}:${count}`).digest().readUInt32BE() / 2 ** 32;
  };
}
