import { ANY, complement, foldLetters, LINE_BREAK } from './char-set.ts';
import type { CharSet } from './char-set.ts';
import { REGEX_CHARS_MAX, REGEX_DEPTH_MAX } from './limit.ts';
import { ASSERT, either, sequence } from './node.ts';
import type { Node } from './node.ts';
import { readClass } from './read-class.ts';
import { readEscape } from './read-escape.ts';
import { readRepeat } from './read-repeat.ts';
import { Reader } from './reader.ts';

interface Flags {
  /** Both cases of ASCII letters are one. */
  i: boolean;
  /** `.` takes line feeds too. */
  s: boolean;
}

const LOOK_AROUND =
  'look-around is not known: ask the other way with {"anything-but": {"regex": …}}, or in a field of its own';
const GROUPS: readonly [opening: string, why: string][] = [
  ['?=', LOOK_AROUND],
  ['?!', LOOK_AROUND],
  ['?<=', LOOK_AROUND],
  ['?<!', LOOK_AROUND],
  ['?>', 'atomic groups are not known, nor needed: a search never steps back; write (?:…)'],
  ['?#', 'comments are not known; say it in the description of the rule'],
  ['?(', 'conditional groups are not known; write the alternatives out'],
  ['?P=', 'back-references are not known; match both parts with rules of their own'],
];

/**
 * Reads a regular expression of RE2's syntax: literals, classes, `.`, groups, alternation, `? * +
 * {n,m}` with their lazy forms, `^ $ \A \z \b \B`, and the flags i and s. Throws RegexFault naming
 * what is refused and what to write. Source: https://github.com/google/re2/wiki/Syntax
 */
export function parseRegex(text: string): Node {
  const reader = new Reader(text);
  if (text === '') reader.refuse('must not be empty; {"exists": true} takes any text');
  if (text.length > REGEX_CHARS_MAX)
    reader.refuse(`has ${text.length} characters; at most ${REGEX_CHARS_MAX}`);
  const node = readAlternatives(reader, { i: false, s: false }, 0);
  if (reader.peek() !== undefined) reader.refuse('a ) closes nothing; write \\) for the sign');
  return node;
}

function readAlternatives(reader: Reader, given: Flags, depth: number): Node {
  if (depth > REGEX_DEPTH_MAX) reader.refuse(`groups nest deeper than ${REGEX_DEPTH_MAX}`);
  // A flag in the middle holds to the end of its group, over the bars too.
  const flags = { ...given };
  const alternatives: Node[] = [];
  do {
    const parts: Node[] = [];
    for (let next = reader.peek(); next !== undefined && next !== '|' && next !== ')';) {
      const part = readPart(reader, flags, depth);
      if (part !== undefined) parts.push(readRepeat(reader, part));
      next = reader.peek();
    }
    alternatives.push(sequence(parts));
  } while (reader.skip('|'));
  return either(alternatives);
}

/** One thing that may be repeated; undefined for flags, which are set. */
function readPart(reader: Reader, flags: Flags, depth: number): Node | undefined {
  const char = reader.take()!;
  switch (char) {
    case '.':
      return { kind: 'set', set: flags.s ? ANY : complement(LINE_BREAK) };
    case '^':
      return { kind: 'assert', asks: ASSERT.start };
    case '$':
      return { kind: 'assert', asks: ASSERT.end };
    case '[':
      return { kind: 'set', set: readClass(reader, flags.i) };
    case '(':
      return readGroup(reader, flags, depth);
    case '*':
    case '+':
    case '?':
      return reader.refuse(`nothing stands before ${char} to repeat; write \\${char} for the sign`);
    case '\\':
      return (
        readAssertion(reader) ?? { kind: 'set', set: folded(setOf(readEscape(reader)), flags) }
      );
    default:
      return { kind: 'set', set: folded(setOf(char.codePointAt(0)!), flags) };
  }
}

function readGroup(reader: Reader, flags: Flags, depth: number): Node | undefined {
  for (const [opening, why] of GROUPS) if (reader.skip(opening)) return reader.refuse(why);
  let inner = flags;
  if (reader.skip('?P<') || reader.skip('?<')) {
    while (/^\w$/.test(reader.peek() ?? '')) reader.take();
    if (!reader.skip('>')) reader.refuse('the name of a group ends with >');
  } else if (reader.skip('?')) {
    inner = { ...flags };
    const isGroup = readFlags(reader, inner);
    if (!isGroup) return void Object.assign(flags, inner);
  }
  const node = readAlternatives(reader, inner, depth + 1);
  if (!reader.skip(')')) reader.refuse('a ( is not closed; write \\( for the sign');
  return node;
}

/** `i`, `s`, `-i` … up to `:` (a group of its own, true) or `)` (for the rest of this one). */
function readFlags(reader: Reader, flags: Flags): boolean {
  let isOn = true;
  for (let char = reader.take(); char !== ':' && char !== ')'; char = reader.take()) {
    if (char === '-' && isOn) isOn = false;
    else if (char === 'i' || char === 's') flags[char] = isOn;
    else
      reader.refuse(
        char === 'm'
          ? 'the flag m is not known: ^ and $ are the ends of the whole text; match \\n by itself'
          : `the group (?${char ?? ''} is not known; flags are i and s, groups (?:…)`,
      );
  }
  return reader.peek(-1) === ':';
}

function readAssertion(reader: Reader): Node | undefined {
  if (reader.skip('b')) return { kind: 'assert', asks: ASSERT.boundary };
  if (reader.skip('B')) return { kind: 'assert', asks: ASSERT.inside };
  if (reader.skip('A')) return { kind: 'assert', asks: ASSERT.start };
  if (reader.skip('z')) return { kind: 'assert', asks: ASSERT.end };
  return undefined;
}

function folded(set: CharSet, flags: Flags): CharSet {
  return flags.i ? foldLetters(set) : set;
}

function setOf(read: CharSet | number): CharSet {
  return typeof read === 'number' ? [read, read] : read;
}
