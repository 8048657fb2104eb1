import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { compile } from './compile.ts';
import { matchesNaively } from './naive-oracle.ts';
import { validatePattern } from './validate.ts';

const LONG = 'needle-in-a-haystack-longer-than-any-text-a-witness-keeps';

/** Every kind of witness, their edges, and what has none. */
const ENTRIES: readonly unknown[] = (
  [
    ['ab', '', 0, 5, true, null, '5'],
    [{ prefix: 'ab' }, { prefix: '' }, { prefix: LONG }, { suffix: 'ba' }, { suffix: LONG }],
    [{ wildcard: '*needle*' }, { wildcard: 'ab*ba' }, { wildcard: '*ab' }, { wildcard: '*' }],
    [{ wildcard: `*x*${LONG}*x*` }, { wildcard: 'ab' }, { wildcard: '*aaa*aaa*' }],
    [{ wildcard: '*é\\*\\\\*' }, { prefix: { 'equals-ignore-case': 'AB' } }],
    [{ numeric: ['>', 5] }, { numeric: ['>=', 5] }, { numeric: ['<', 0] }, { numeric: ['<=', 0] }],
    [{ numeric: ['>', -1, '<', 1] }, { numeric: ['=', 5] }, { numeric: ['>', 4_999_999_999] }],
    [{ cidr: '10.1.0.0/16' }, { cidr: '0.0.0.0/0' }, { cidr: '255.255.255.254/31' }],
    [{ cidr: '128.0.0.0/1' }, { cidr: '2001:db8::/32' }, { exists: true }, { exists: false }],
    [{ 'anything-but': ['ab', 'ba'] }, { 'equals-ignore-case': 'AB' }],
    [{ regex: 'need+le' }, { regex: '^ab' }, { regex: 'b.?a$' }, { regex: '(needle|needl)-in' }],
    [{ regex: '\\bneedle\\b|é' }, { regex: '^$|^a' }, { regex: `x?${LONG}` }],
    [
      { 'anything-but': { regex: ['^a', 'needle'] } },
      { regex: '(aaa?)+$' },
      { regex: '^abb|needle|ba$' },
    ],
  ] as unknown[][]
).flat();

const VALUES: readonly unknown[] = (
  [
    ['ab', 'ba', 'AB', 'aba', '', 'a', '5', '5.0', 'true', 'null', 'constructor', '__proto__'],
    [LONG, `x${LONG}x`, LONG.slice(1), LONG.slice(0, -1), `${LONG.slice(0, 32)}!`, 'abba'],
    ['aaaaaa', 'aaaaa', 'a'.repeat(5_000), 'é*\\', 'ab\u0000ba', 'the needle', 'needl', 'édle'],
    [0, -0, 5, 5.000000001, 4.999999999, 5e9, 1e308, -1e308, 5e-324, -0.5, true, false, null],
    ['10.1.2.3', '10.2.0.0', '010.001.000.009', '10.1.2', '10.1.2.3.4', '10.1.2.', '10..2.3'],
    [
      '255.255.255.255',
      '255.255.255.253',
      '256.1.1.1',
      '127.255.255.255',
      '128.0.0.0',
      ' 10.1.2.3',
    ],
    ['\ud800', 'ab\udc00', 'y'.repeat(9_000), `${'y'.repeat(900)}needle${'y'.repeat(900)}`],
    [
      JSON.parse('1e400'),
      JSON.parse('-1e400'),
      JSON.parse('-0'),
      '1e400',
      '-0',
      'ΑΒ',
      'ſ',
      '\u0130',
    ],
    ['::ffff:10.1.2.3', '::ffff:a01:203', '2001:db8::5', '10.1.2.3\n', '1e1.1.1.1', '-1.0.0.0'],
  ] as unknown[][]
).flat();

/** Patterns that ask for the entry alone, beside an exact value, beside two, and as an alternative. */
const PATTERNS = new Map<string, Record<string, unknown>>(
  ENTRIES.flatMap((entry, at) => [
    [`alone ${at}`, at % 2 === 0 ? { v: [entry] } : { p: { v: [entry] } }],
    [`typed ${at}`, { type: ['t'], service: [`s${at % 3}`, 's9'], p: { v: [entry] } }],
    [`either ${at}`, { $or: [{ v: [entry] }, { p: { 'w.x': [entry, 'other'] } }] }],
  ]),
);

const EVENTS: readonly unknown[] = VALUES.flatMap((value, at) => {
  const service = `s${at % 4}`;
  return [
    { v: value },
    { type: 't', service, p: { v: value } },
    { type: ['u', 't'], service: ['s0', 's1'], 'p.v': value, p: 5 },
    { p: { w: { x: value } }, v: [value, 'ab'] },
    { type: 't', service, p: [{ v: value }, { v: 1, 'w.x': value }] },
    JSON.parse(`{"__proto__":{"v":"ab"},"constructor":{"v":5},"p.w.x":${JSON.stringify(value)}}`),
    JSON.parse(
      `{"type":"u","type":"t","p":7,"p":{"v":0,"v":${JSON.stringify(value)}},"service":[]}`,
    ),
    { type: [null, 't', 't', 5], service: [[service], 's9'], p: { v: [[value], { v: 'ab' }] } },
    { type: null, service: { s0: 's0' }, v: [], p: { v: { v: value }, 'v.v': 1 }, 'p.w': { x: 5 } },
    { type: 't', p: Object.fromEntries('abcdefghv'.split('').map((key) => [key, value])) },
  ];
});

describe('the witness index', () => {
  it('has no difference from the naive oracle on hostile events', () => {
    expect(EVENTS.length).toBeGreaterThanOrEqual(300);
    expect(PATTERNS.size).toBeGreaterThanOrEqual(70);
    for (const pattern of PATTERNS.values()) expect(validatePattern(pattern)).toEqual([]);
    const compiled = compile(PATTERNS);
    for (const event of EVENTS) {
      const expected = [...PATTERNS].filter(([, pattern]) => matchesNaively(pattern, event));
      expect([event, compiled.match(event)]).toEqual([event, expected.map(([id]) => id)]);
    }
  });

  it('says the same before, while and after it learns what traffic is like', () => {
    const compiled = compile(PATTERNS);
    const fresh = compile(PATTERNS);
    const untaught = EVENTS.map((event) => fresh.match(event));
    for (let round = 0; round < 12; round++)
      for (const [at, event] of EVENTS.entries())
        expect(compiled.match(event)).toEqual(untaught[at]);
  });

  it('agrees with the naive oracle on any sets of many patterns, whatever witnesses they choose', () => {
    const field = fc.constantFrom('type', 'service', 'v', 'p.v', 'p.w.x');
    const entry = fc.constantFrom(...ENTRIES);
    const pattern = fc.dictionary(field, fc.array(entry, { minLength: 1, maxLength: 3 }), {
      minKeys: 1,
      noNullPrototype: true,
    });
    const event = fc.dictionary(
      field,
      fc.oneof(fc.constantFrom(...VALUES), fc.array(fc.constantFrom(...VALUES), { maxLength: 3 })),
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(
        fc.array(pattern, { minLength: 20, maxLength: 60 }),
        fc.array(event, { minLength: 5, maxLength: 10 }),
        (patterns, events) => {
          const compiled = compile(new Map(patterns.map((one, at) => [String(at), one])));
          for (const one of events)
            expect(compiled.match(one)).toEqual(
              patterns.flatMap((each, at) => (matchesNaively(each, one) ? [String(at)] : [])),
            );
        },
      ),
      { numRuns: 200 },
    );
  });

  it('looks at inherited properties nowhere', () => {
    const inherited = Object.create({ v: 'ab', type: 't', p: { v: 'ab' } }) as object;
    expect(compile(PATTERNS).match(inherited)).toEqual(compile(PATTERNS).match({}));
    expect(compile({ p: { constructor: { name: [{ exists: true }] } } }).match({ v: 1 })).toEqual(
      [],
    );
  });
});
