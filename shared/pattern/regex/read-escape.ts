import { complement, DIGIT, SPACE, WORD } from './char-set.ts';
import type { CharSet } from './char-set.ts';
import type { Reader } from './reader.ts';

const CLASSES: Readonly<Record<string, CharSet>> = {
  d: DIGIT,
  D: complement(DIGIT),
  w: WORD,
  W: complement(WORD),
  s: SPACE,
  S: complement(SPACE),
};

const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, a: 7 };

const REFUSED: Readonly<Record<string, string>> = {
  k: 'back-references are not known: a search could take forever; match both parts with rules of their own',
  p: 'Unicode classes \\p{…} are not known; write the characters as a class such as [à-ü]',
  P: 'Unicode classes \\P{…} are not known; write the characters as a class such as [^à-ü]',
  Q: 'quoting with \\Q…\\E is not known; write a backslash before each sign',
  E: 'quoting with \\Q…\\E is not known; write a backslash before each sign',
  u: '\\u is not known; write the character itself, or \\x{…}',
  c: '\\c is not known; write \\x and two hex digits',
  Z: '\\Z is not known; write $ for the end of the text',
  G: '\\G is not known; write ^ for the start of the text',
};

/**
 * Reads what follows a backslash, outside or inside a class: a set, or one code point. Assertions are
 * the caller's. Throws the refusal.
 */
export function readEscape(reader: Reader): CharSet | number {
  const char = reader.take();
  if (char === undefined) return reader.refuse('ends in a lone backslash; write \\\\ for one');
  if (Object.hasOwn(CLASSES, char)) return CLASSES[char]!;
  if (Object.hasOwn(CONTROLS, char)) return CONTROLS[char]!;
  if (char === 'x') return readHex(reader);
  if (char >= '1' && char <= '9') return reader.refuse(REFUSED['k']!);
  if (char === '0') return reader.refuse('octal escapes are not known; write \\x and two digits');
  if (Object.hasOwn(REFUSED, char)) return reader.refuse(REFUSED[char]!);
  if (/[A-Za-z]/.test(char))
    return reader.refuse(`\\${char} is not known; without the backslash it is the letter`);
  return char.codePointAt(0)!;
}

function readHex(reader: Reader): number {
  const isBraced = reader.skip('{');
  let digits = '';
  while (digits.length < (isBraced ? 6 : 2) && /^[0-9a-f]$/i.test(reader.peek() ?? ''))
    digits += reader.take()!;
  const isWhole = isBraced ? digits !== '' && reader.skip('}') : digits.length === 2;
  const code = Number.parseInt(digits, 16);
  if (!isWhole || code > 0x10ffff)
    return reader.refuse('\\x takes two hex digits, or up to 10FFFF in braces: \\x{1F600}');
  return code;
}
