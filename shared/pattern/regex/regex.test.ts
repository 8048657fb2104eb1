import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { compileRegex } from './compile-regex.ts';

/** An expression in our spelling and the same one as V8 spells it. */
interface Spelled {
  ours: string;
  v8: string;
}

const same = (text: string): Spelled => ({ ours: text, v8: text });
const CHARS = ['a', 'b', 'B', '7', '_', '-', ' ', '\n', 'é', '🦉', '\ud83e', '\udd89', '\u2028'];

const { expression } = fc.letrec<{ expression: Spelled; part: Spelled }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...['a', 'b', 'c', 'é', '🦉', '7', '-', '\\.', '\\x62', '\\n'].map(same)),
    fc.constantFrom(
      ...['[ab]', '[^a]', '[a-c7]', '[^\\w]', '[é🦉]', '[^🦉\\n]', '[\\d_-]'].map(same),
    ),
    fc.constantFrom(...['\\d', '\\D', '\\w', '\\W', '^', '$', '\\b', '\\B'].map(same)),
    fc.constantFrom(
      { ours: '.', v8: '[^\\n]' },
      { ours: '(?s:.)', v8: '[^]' },
      { ours: '\\s', v8: '[\\t\\n\\f\\r ]' },
      { ours: '[^\\s]', v8: '[^\\t\\n\\f\\r ]' },
      { ours: '(?i:b)', v8: '[bB]' },
      { ours: '(?i:[^a-b])', v8: '[^a-bA-B]' },
      { ours: '\\x{1F989}', v8: '\\u{1F989}' },
      { ours: '\\A', v8: '^' },
      { ours: '\\z', v8: '$' },
      { ours: '[]b]', v8: '[\\]b]' },
    ),
    fc
      .tuple(
        fc.constantFrom('(', '(?:'),
        tie('expression'),
        fc.constantFrom('', '?', '*', '+', '{0}', '{2}', '{1,}', '{0,2}', '{2,3}'),
        fc.constantFrom('', '?'),
      )
      .map(([open, { ours, v8 }, count, lazy]) => {
        const after = `)${count}${count === '' ? '' : lazy}`;
        return { ours: `${open}${ours}${after}`, v8: `${open}${v8}${after}` };
      }),
  ),
  expression: fc
    .array(fc.array(tie('part'), { maxLength: 3, minLength: 1 }), { minLength: 1, maxLength: 3 })
    .map((alternatives) => ({
      ours: alternatives.map((parts) => parts.map(({ ours }) => ours).join('')).join('|'),
      v8: alternatives.map((parts) => parts.map(({ v8 }) => v8).join('')).join('|'),
    })),
}));
const text = fc.array(fc.constantFrom(...CHARS), { maxLength: 9 }).map((chars) => chars.join(''));

type TextTest = (text: string) => boolean;
const testOf = (source: string): TextTest | string => {
  const compiled = compileRegex(source);
  return typeof compiled === 'string' ? compiled : compiled.test;
};

describe('a regular expression', () => {
  it('matches the texts that V8 matches, over thousands of expressions', () => {
    let compared = 0;
    fc.assert(
      fc.property(
        expression,
        fc.array(text, { minLength: 4, maxLength: 8 }),
        ({ ours, v8 }, texts) => {
          const test = testOf(ours);
          if (typeof test === 'string') {
            expect(test).toMatch(/^(is|takes) .*at most/);
            return;
          }
          const peer = new RegExp(v8, 'u');
          // V8 asks \\B between the halves of a pair too, where no character begins.
          const asked = texts.filter((one) => !v8.includes('\\B') || !one.includes('🦉'));
          for (const one of asked) {
            expect([ours, one, test(one)]).toEqual([ours, one, peer.test(one)]);
            compared++;
          }
        },
      ),
      { numRuns: 6_000, seed: 20_261_123 },
    );
    expect(compared).toBeGreaterThan(20_000);
  });

  const MATCHES: readonly (readonly [source: string, text: string, matches: boolean])[] = [
    // Half a pair is a character of its own; a whole one is never taken apart.
    ['^.$', '🦉', true],
    ['^.$', '\ud83e', true],
    ['\\x{1F989}', 'an 🦉', true],
    ['\ud83e', '🦉', false],
    ['\udd89', '🦉', false],
    ['^[^a]{2}$', '🦉🦉', true],
    // Letters are those of ASCII.
    ['(?i)straße', 'STRAßE', true],
    ['(?i)é', 'É', false],
    ['^\\w$', 'é', false],
    ['(?i)a(?-i)b', 'Ab', true],
    ['(?i)a(?-i)b', 'AB', false],
    ['(?i:a)b', 'AB', false],
    ['(a(?i)b|c)d', 'Cd', true],
    ['(a(?i)b|c)d', 'CD', false],
    // `.` stops at line feeds alone, `$` only at the very end.
    ['a.b', 'a\rb', true],
    ['a.b', 'a\nb', false],
    ['(?s)a.b', 'a\nb', true],
    ['a$', 'a\n', false],
    // Braces that count nothing are signs, as in RE2.
    ['^{"user":', '{"user":1}', true],
    ['a{x}', 'a{x}', true],
    ['[\\w-.]+@', 'a-b.c@', true],
    ['[^]a]', ']', false],
    ['\\bfoo\\b', 'a foo.', true],
    ['\\bfoo\\b', 'food', false],
    ['\\b', '', false],
    ['\\B', '', true],
  ];
  it.each(MATCHES)('%s on %j: %s', (source, text, matches) => {
    expect((testOf(source) as TextTest)(text)).toBe(matches);
  });

  it('gives the same answers when a text overflows the table of states', () => {
    const test = testOf('(?:a|b)*a(?:a|b){40}$|b{100}') as TextTest;
    let bits = 1;
    const noise = Array.from({ length: 30_000 }, () => {
      bits = (bits * 1_103_515_245 + 12_345) & 0x7fffffff;
      return bits & 0x10000 ? 'a' : 'b';
    }).join('');
    for (let round = 0; round < 3; round++) {
      expect(test(`${noise}a${'b'.repeat(40)}`)).toBe(true);
      expect(test(`${noise}b${'a'.repeat(40)}`)).toBe(false);
      expect(test(`${noise}${'b'.repeat(100)}a`)).toBe(true);
      expect(test('a'.repeat(41))).toBe(true);
      expect(test('a'.repeat(40))).toBe(false);
    }
  });

  it.each([
    ['^need(le)+$', { by: 'start', text: 'needle' }],
    ['[a-z]+needle$', { by: 'end', text: 'needle' }],
    ['x?(?:needles|needle-in)\\d', { by: 'part', text: 'needle' }],
    ['(?:ab){3}c*', { by: 'part', text: 'ababab' }],
    ['\\.exe\\b', { by: 'part', text: '.exe' }],
    ['^a.*longer', { by: 'part', text: 'longer' }],
    ['a+b|c', undefined],
    ['(?i)needle', undefined],
    ['ab', undefined],
  ])('%s is filed under what its texts must have', (source, witness) => {
    expect(compileRegex(source)).toMatchObject({ witness });
  });

  it('of alternatives that each require a text is filed under all of them', () => {
    const compiled = compileRegex('error|pan+ic: \\d|(?:Trace|Call)back$');
    expect(compiled).toMatchObject({
      witness: undefined,
      alternatives: [
        { witness: { by: 'part', text: 'error' } },
        { witness: { by: 'part', text: 'nic: ' } },
        { witness: { by: 'end', text: 'back' } },
      ],
    });
    expect(compileRegex('error|\\d+')).toMatchObject({ alternatives: [] });
    expect(compileRegex('error one|error two')).toMatchObject({ alternatives: [] });
  });
});
