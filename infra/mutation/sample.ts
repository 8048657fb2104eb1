import { createHash } from 'node:crypto';

import type { Mutant } from './mutant.ts';

/** `count` of the mutants, the same ones for the same seed, in their order. */
export function sample(mutants: readonly Mutant[], count: number, seed: number): Mutant[] {
  const rank = ({ file, start, after }: Mutant) =>
    createHash('sha256').update(`${seed}|${file}|${start}|${after}`).digest('hex');
  const ranked = mutants.map((mutant) => ({ mutant, at: rank(mutant) }));
  const taken = new Set(
    ranked
      .sort((a, b) => (a.at < b.at ? -1 : 1))
      .slice(0, count)
      .map(({ mutant }) => mutant),
  );
  return mutants.filter((mutant) => taken.has(mutant));
}
