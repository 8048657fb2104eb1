import { charSet, complement, foldLetters, rangesIn } from './char-set.ts';
import type { CharSet } from './char-set.ts';
import { readEscape } from './read-escape.ts';
import type { Reader } from './reader.ts';

/** Reads a class whose `[` is taken; `ignoreCase` for ASCII letters. Throws the refusal. */
export function readClass(reader: Reader, ignoreCase: boolean): CharSet {
  const isNegated = reader.skip('^');
  const ranges: [first: number, last: number][] = [];
  // A ] that comes first is one of the characters.
  for (let isFirst = true; isFirst || reader.peek() !== ']'; isFirst = false) {
    const first = readMember(reader);
    if (typeof first !== 'number') {
      ranges.push(...rangesIn(first));
      continue;
    }
    const isRange = reader.peek() === '-' && reader.peek(1) !== ']' && reader.skip('-');
    const last = isRange ? readMember(reader) : first;
    if (typeof last !== 'number')
      return reader.refuse('a range goes from one character to another; write \\- for the sign');
    if (first > last) reader.refuse('a range ends before it begins');
    ranges.push([first, last]);
  }
  reader.skip(']');
  const set = ignoreCase ? foldLetters(charSet(ranges)) : charSet(ranges);
  return isNegated ? complement(set) : set;
}

function readMember(reader: Reader): CharSet | number {
  const char = reader.take();
  if (char === undefined) return reader.refuse('a [ is not closed; write \\[ for the sign');
  if (char === '[' && reader.peek() === ':')
    return reader.refuse('[:names:] are not known; write \\w, \\d, \\s or ranges such as a-z');
  if (char !== '\\') return char.codePointAt(0)!;
  // In a class, \b would be a backspace: no word boundary can be meant.
  return readEscape(reader);
}
