/** Code points as ranges in order, no two touching: first, last, first, last, … */
export type CharSet = readonly number[];

export const CODE_POINT_MAX = 0x10ffff;

export const DIGIT = rangesOf('09');
export const WORD = rangesOf('09AZ__az');
/** As RE2 has it, and as ASCII has it: tab, line feed, form feed, carriage return, space; RE2 leaves out the vertical tab. */
export const SPACE: CharSet = [0x09, 0x0a, 0x0c, 0x0d, 0x20, 0x20];
export const LINE_BREAK: CharSet = [0x0a, 0x0a];
export const ANY: CharSet = [0, CODE_POINT_MAX];

/** Brings ranges in any order, overlapping or not, into the form of a set. */
export function charSet(ranges: readonly (readonly [first: number, last: number])[]): CharSet {
  const set: number[] = [];
  for (const [first, last] of ranges.toSorted(([a], [b]) => a - b)) {
    const top = set.length - 1;
    if (top > 0 && first <= set[top]! + 1) set[top] = Math.max(set[top]!, last);
    else set.push(first, last);
  }
  return set;
}

export function rangesIn(set: CharSet): [first: number, last: number][] {
  const ranges: [number, number][] = [];
  for (let at = 0; at < set.length; at += 2) ranges.push([set[at]!, set[at + 1]!]);
  return ranges;
}

export function unite(sets: readonly CharSet[]): CharSet {
  return charSet(sets.flatMap(rangesIn));
}

/** Every code point that is not in the set. */
export function complement(set: CharSet): CharSet {
  const rest: [number, number][] = [];
  let next = 0;
  for (const [first, last] of rangesIn(set)) {
    if (first > next) rest.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= CODE_POINT_MAX) rest.push([next, CODE_POINT_MAX]);
  return charSet(rest);
}

export function intersect(a: CharSet, b: CharSet): CharSet {
  return complement(unite([complement(a), complement(b)]));
}

/** The set with both cases of each ASCII letter in it; other letters stay as they are. */
export function foldLetters(set: CharSet): CharSet {
  const ranges = rangesIn(set);
  const folded = ranges.flatMap(([first, last]) => [
    ...shifted(first, last, 0x61, -0x20),
    ...shifted(first, last, 0x41, 0x20),
  ]);
  return folded.length === 0 ? set : charSet([...ranges, ...folded]);
}

/** What a range has of the 26 letters from `letters` on, moved to the other case. */
function shifted(first: number, last: number, letters: number, by: number): [number, number][] {
  const from = Math.max(first, letters);
  const to = Math.min(last, letters + 25);
  return from > to ? [] : [[from + by, to + by]];
}

/** The one code point of a set of one. */
export function onlyCharOf(set: CharSet): string | undefined {
  return set.length === 2 && set[0] === set[1] ? String.fromCodePoint(set[0]!) : undefined;
}

function rangesOf(pairs: string): CharSet {
  return Array.from(pairs, (char) => char.codePointAt(0)!);
}
