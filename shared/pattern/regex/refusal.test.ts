import { describe, expect, it } from 'vitest';

import { compileRegex } from './compile-regex.ts';
import { REGEX_CHARS_MAX } from './limit.ts';

/** What is written, and what the refusal says of it. */
const REFUSALS: readonly (readonly [source: string, why: RegExp])[] = [
  ['', /must not be empty; \{"exists": true\}/],
  ['(?=a)b', /look-around is not known: .*anything-but.* \(at position 3\)/],
  ['(?!a)b', /look-around/],
  ['(?<=a)b', /look-around/],
  ['(?<!a)b', /look-around/],
  ['(a)\\1', /back-references are not known: .* \(at position 5\)/],
  ['(?<n>a)\\k<n>', /back-references/],
  ['(?P<n>a)(?P=n)', /back-references/],
  ['(?>a)b', /atomic groups/],
  ['(?(a)b)', /conditional groups/],
  ['(?#note)', /comments/],
  ['(?m)^a', /the flag m/],
  ['(?x) a', /flags are i and s/],
  ['(?', /flags are i and s/],
  ['a++', /possessive/],
  ['a**', /repetition is repeated/],
  ['a{2}{3}', /repetition is repeated/],
  ['*a', /nothing stands before \* to repeat/],
  ['a|+', /nothing stands before \+/],
  ['a{,5}', /write \{0,5\}/],
  ['a{5,2}', /ends before it begins/],
  ['a{1001}', /counts \{1001\} times; at most 1000/],
  ['a{0,99999}', /at most 1000/],
  ['(a', /a \( is not closed/],
  ['a)', /a \) closes nothing/],
  ['[a', /a \[ is not closed/],
  ['[]', /a \[ is not closed/],
  ['[b-a]', /range ends before/],
  ['[a-\\d]', /range goes from one character/],
  ['[[:alpha:]]', /\[:names:\] are not known/],
  ['[\\b]', /\\b is not known/],
  ['a\\', /lone backslash/],
  ['\\pL', /Unicode classes/],
  ['\\u0041', /\\x\{…\}/],
  ['\\x{110000}', /10FFFF/],
  ['\\xg0', /two hex digits/],
  ['\\012', /octal/],
  ['\\q', /\\q is not known/],
  ['\\Qa.b\\E', /quoting/],
  ['a\\Z', /write \$/],
  ['a'.repeat(REGEX_CHARS_MAX + 1), /has 1025 characters; at most 1024/],
  [`${'('.repeat(40)}a${')'.repeat(40)}`, /deeper than 32/],
  ['((a{0,30}){0,30}){0,30}', /is 27,000 positions long .* at most 216: lower the counts/],
  ['[ab]{500}c', /is 501 positions long/],
  ['(()){1000}{', /is 1,001 positions long/],
  ['((((){1000}){1000}){1000}){1000}', /positions long/],
  ['(?:.*a){70}$', /takes \d+ steps for each character; at most 20/],
];

describe('a refused regular expression', () => {
  it.each(REFUSALS)('%s is told why', (source, why) => {
    expect(compileRegex(source)).toMatch(why);
  });
});
