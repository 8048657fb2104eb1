import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as z from 'zod';

import type { Judged } from './judge.ts';
import type { Mutant } from './mutant.ts';

/** A mutant that changes nothing anybody could see. Named by its text, so that it outlives moved lines. */
const Equivalent = z.strictObject({
  file: z.string(),
  within: z.string(),
  what: z.string(),
  before: z.string(),
  because: z.string().min(20),
});
export type Equivalent = z.infer<typeof Equivalent>;

/** White space does not count: code that is only formatted anew stays known. */
const flat = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

const nameOf = ({ file, within, what, before }: Omit<Equivalent, 'because'>) =>
  JSON.stringify([file, within, what, flat(before)]);

/** The list kept beside this file. Throws when it is not what it should be. */
export function readEquivalents(): Equivalent[] {
  const text = readFileSync(join(import.meta.dirname, 'equivalent.json'), 'utf8');
  return z.array(Equivalent).parse(JSON.parse(text));
}

/** What a run says against the list. */
export interface Sorted {
  survivors: Judged[];
  equivalent: Judged[];
  /** Entries that no mutant bears, among the files that were mutated whole. */
  stale: Equivalent[];
  /** Entries of which a mutant was killed: they are no equivalents. */
  refuted: Equivalent[];
}

/** Tells the survivors that count from those that are known to change nothing. */
export function sortOut(
  judged: readonly Judged[],
  all: readonly Mutant[],
  equivalents: readonly Equivalent[],
): Sorted {
  const known = new Map(equivalents.map((entry) => [nameOf(entry), entry]));
  const alive = judged.filter(({ fate }) => fate === 'survived' || fate === 'unreached');
  const dead = judged.filter((one) => !alive.includes(one));
  const borne = new Set(all.map(nameOf));
  const files = new Set(all.map(({ file }) => file));
  const killed = new Set(dead.map(nameOf));
  for (const one of alive) killed.delete(nameOf(one));
  return {
    survivors: alive.filter((one) => !known.has(nameOf(one))),
    equivalent: alive.filter((one) => known.has(nameOf(one))),
    stale: equivalents.filter((entry) => files.has(entry.file) && !borne.has(nameOf(entry))),
    refuted: equivalents.filter((entry) => killed.has(nameOf(entry))),
  };
}
