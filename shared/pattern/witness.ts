/**
 * What a passing value is sure to have, in a form an index can look up. A witness may let more values
 * through than its test (the test is run on all it finds), never fewer.
 */
export type Witness =
  | { by: 'start' | 'end' | 'part'; text: string }
  /** IPv4 only: the network's 32 bits and how many of them count. */
  | { by: 'block'; network: number; bits: number }
  /** At least, or at most, this number. */
  | { by: 'least' | 'most'; bound: number };

/** Longest text a witness keeps; bounds the index and the work per character of an event. */
const TEXT_MAX = 32;
/** Shortest text worth looking for anywhere in a value. */
const PART_MIN = 3;

/** A text at the start or the end; undefined for the empty text, which everything has. */
export function affixWitness(by: 'start' | 'end', text: string): Witness | undefined {
  if (text === '') return undefined;
  return { by, text: by === 'start' ? text.slice(0, TEXT_MAX) : text.slice(-TEXT_MAX) };
}

/** A text anywhere; undefined for one so short that most values have it. */
export function partWitness(text: string): Witness | undefined {
  return text.length < PART_MIN ? undefined : { by: 'part', text: text.slice(0, TEXT_MAX) };
}

/** The longest literal of a wildcard pattern, anchored where it stands at an end of it. */
export function literalWitness(literals: readonly string[]): Witness | undefined {
  const last = literals.length - 1;
  let longest = literals[0]?.length === 0 ? last : 0;
  for (const [at, { length }] of literals.entries())
    if (length > literals[longest]!.length && length >= PART_MIN) longest = at;
  if (longest === 0) return affixWitness('start', literals[0]!);
  if (longest === last) return affixWitness('end', literals[last]!);
  return { by: 'part', text: literals[longest]!.slice(0, TEXT_MAX) };
}
