import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { SentryError } from '#shared/kernel/error.ts';

import { SOURCES } from './cases/case.ts';
import { MATCH_CASES } from './cases/match.ts';
import { REFUSAL_CASES } from './cases/refusal.ts';
import { compile } from './compile.ts';
import { OR_COMBINATIONS_MAX, PATTERN_CHARS_MAX, PATTERN_DEPTH_MAX } from './limit.ts';
import { matchesNaively } from './naive-oracle.ts';
import { validatePattern } from './validate.ts';

describe('matching', () => {
  it.each(MATCH_CASES.map((row) => [SOURCES[row[0]], ...row] as const))(
    '%s (%s): %s',
    (_document, _source, _name, pattern, event, matches) => {
      expect(validatePattern(pattern)).toEqual([]);
      expect(compile({ p: pattern }).match(event)).toEqual(matches ? ['p'] : []);
    },
  );

  it('gives for all patterns at once what each gives alone', () => {
    const patterns = new Map(MATCH_CASES.map(([, , pattern], index) => [`p${index}`, pattern]));
    const together = compile(patterns);
    for (const [, , , event] of MATCH_CASES) {
      const alone = [...patterns].filter(
        ([id, pattern]) => compile({ [id]: pattern }).match(event).length > 0,
      );
      expect(together.match(event)).toEqual(alone.map(([id]) => id));
    }
  });

  it('agrees with the naive oracle on the whole table', () => {
    for (const [, name, pattern, event, matches] of MATCH_CASES)
      expect([name, matchesNaively(pattern, event)]).toEqual([name, matches]);
  });

  it('gives each id once, in the order of the patterns', () => {
    const both = { $or: [{ a: [1] }, { b: [1] }] };
    const compiled = compile(
      new Map<string, unknown>([
        ['z', both],
        ['a', both],
        ['m', { c: [1] }],
      ]),
    );
    expect(compiled.match({ a: 1, b: 1 })).toEqual(['z', 'a']);
    expect(compiled.match({ c: 1 })).toEqual(['m']);
  });

  it('forgets the event before', () => {
    const compiled = compile({ p: { a: [{ exists: true }], b: [{ exists: false }] } });
    expect(
      [{ a: 1 }, { b: 1 }, { a: 1, b: 1 }, { a: 2 }].map((event) => compiled.match(event)),
    ).toEqual([['p'], [], [], ['p']]);
  });

  it('takes ids that are names of inherited properties', () => {
    const patterns = new Map([
      ['__proto__', { a: [1] }],
      ['constructor', { a: [1] }],
    ]);
    expect(compile(patterns).match({ a: 1 })).toEqual(['__proto__', 'constructor']);
  });
});

describe('refusals', () => {
  it.each(REFUSAL_CASES.map((row) => [SOURCES[row[0]], JSON.stringify(row[1]), ...row] as const))(
    '%s: %s',
    (_document, _text, _source, pattern, path, message) => {
      const issues = validatePattern(pattern);
      expect(issues[0]).toMatchObject({ path, message: expect.stringMatching(message) as string });
      expect(() => compile({ p: pattern })).toThrow(SentryError);
    },
  );

  it('tells all faults at once, each with its place', () => {
    const issues = validatePattern({ a: [{ prefix: 1 }, { exists: 2 }], b: 3 });
    expect(issues.map((issue) => issue.path)).toEqual(['a[0]', 'a[1]', 'b']);
  });

  it('names pattern, path and reason when a set does not compile', () => {
    expect(() =>
      compile({ good: { a: [1] }, bad: { detail: { state: [{ prefix: 1 }] } } }),
    ).toThrow('Event pattern bad: detail.state[0]: prefix must be a string');
  });
});

describe('limits', () => {
  it('takes 1,000 combinations and refuses more', () => {
    const ten = (name: string) => Array.from({ length: 10 }, (_, index) => ({ [name]: [index] }));
    const thousand = { x: { $or: ten('a') }, y: { $or: ten('b') }, z: { $or: ten('c') } };
    expect(validatePattern(thousand)).toEqual([]);
    const [issue] = validatePattern({ ...thousand, $or: [{ q: [1] }, { r: [1] }] });
    expect(issue!.message).toContain(`more than ${OR_COMBINATIONS_MAX} combinations`);
  });

  it('refuses what is too long, too deep, or no JSON at all', () => {
    expect(validatePattern({ a: ['x'.repeat(PATTERN_CHARS_MAX)] })[0]!.message).toMatch(/at most/);
    let deep: Record<string, unknown> = { a: [1] };
    for (let level = 0; level < PATTERN_DEPTH_MAX; level++) deep = { a: deep };
    expect(validatePattern(deep)[0]!.message).toMatch(/deeper than/);
    const cyclic: Record<string, unknown> = {};
    cyclic['a'] = cyclic;
    expect(validatePattern(cyclic)[0]!.message).toMatch(/plain JSON/);
    expect(validatePattern({ a: [1n] })[0]!.message).toMatch(/plain JSON/);
  });

  it('throws on arrays nested too deep instead of saying "no match"', () => {
    let nested: unknown = ['x'];
    for (let level = 0; level < 100_000; level++) nested = [nested];
    expect(() => compile({ p: { a: ['x'] } }).match({ a: nested })).toThrow(RangeError);
    expect(compile({ p: { b: ['x'] } }).match({ a: nested, b: 'x' })).toEqual(['p']);
  });

  it('does work linear in the text for the worst wildcards', () => {
    const text = 'a'.repeat(200_000);
    const hostile = `*${'a*'.repeat(200)}b`;
    const long = `*${'a'.repeat(4_000)}b*${'a'.repeat(4_000)}c*`;
    const compiled = compile({
      hostile: { a: [{ wildcard: hostile }] },
      long: { a: [{ wildcard: long }] },
    });
    // Backtracking would not come back from this within the life of the machine.
    for (let round = 0; round < 20; round++) expect(compiled.match({ a: text })).toEqual([]);
    expect(compiled.match({ a: `${text}b` })).toEqual(['hostile']);
    expect(compiled.match({ a: `${text}b${text}c${text}` })).toEqual(['long']);
  });

  it('does work linear in the event for many elements and fields', () => {
    const fields = Object.fromEntries('abcdefgh'.split('').map((name) => [name, [1]]));
    const compiled = compile({ p: { x: fields, y: fields, z: fields } });
    const elements = Array.from({ length: 5_000 }, (_, index) => ({ ['abcdefgh'[index % 8]!]: 1 }));
    const whole = { a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1, h: 1 };
    expect(compiled.match({ x: elements, y: elements, z: elements })).toEqual([]);
    const found = [...elements, whole];
    expect(compiled.match({ x: found, y: found, z: found })).toEqual(['p']);
  });
});

describe('property', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'constructor', 'a.b', '__proto__');
  const word = fc.constantFrom('', 'x', 'X', 'xy', 'yx', 'xyx', 'x*y', '10.0.0.1', '10.0.1.1');
  const scalar = fc.oneof(word, fc.constantFrom(0, 1, 2, -1, 1.5), fc.boolean(), fc.constant(null));
  const texts = fc.oneof(
    word.filter((text) => text !== ''),
    fc.array(
      word.filter((text) => text !== ''),
      { minLength: 1, maxLength: 2 },
    ),
  );
  const wildcard = fc.constantFrom('*', 'x*', '*y', 'x*x', '*x*', 'x\\*y', 'xy');
  const regex = fc.constantFrom('x', '^x', 'y$', '^$', 'x.?x', 'x+\\*', '^[^x]|xy', '\\d+\\.1$');
  const entry: fc.Arbitrary<unknown> = fc.oneof(
    scalar,
    fc.record({ prefix: word }),
    fc.record({ suffix: word }),
    fc.record({ prefix: fc.record({ 'equals-ignore-case': word }) }),
    fc.record({ suffix: fc.record({ 'equals-ignore-case': word }) }),
    fc.record({ 'equals-ignore-case': word }),
    fc.record({ wildcard }),
    fc.record({ regex }),
    fc.record({ exists: fc.boolean() }),
    fc.record({ cidr: fc.constantFrom('10.0.0.0/24', '10.0.0.0/8', '::/0') }),
    fc.constantFrom({ numeric: ['>', 0] }, { numeric: ['=', 1] }, { numeric: ['>=', 1, '<', 2] }),
    fc.record({
      'anything-but': fc.oneof(
        word,
        fc.constant([1, 2]),
        fc.array(word, { minLength: 1, maxLength: 2 }),
      ),
    }),
    fc.record({
      'anything-but': fc.oneof(
        fc.record({ prefix: texts }),
        fc.record({ suffix: texts }),
        fc.record({ 'equals-ignore-case': texts }),
        fc.record({ wildcard }),
        fc.record({ regex }),
      ),
    }),
  );
  const list = fc.array(entry, { minLength: 1, maxLength: 2 });
  const { pattern } = fc.letrec<{
    pattern: Record<string, unknown>;
    object: Record<string, unknown>;
  }>((tie) => ({
    object: fc.dictionary(name, fc.oneof({ depthSize: 'small' }, list, tie('object')), {
      minKeys: 1,
      maxKeys: 3,
      noNullPrototype: true,
    }),
    pattern: fc.oneof(
      tie('object'),
      fc.record({ $or: fc.array(tie('pattern'), { minLength: 2, maxLength: 3 }) }),
      fc
        .tuple(tie('object'), fc.array(tie('object'), { minLength: 2, maxLength: 3 }))
        .map(([object, $or]) => ({ ...object, $or })),
    ),
  }));
  const { value } = fc.letrec<{ value: unknown; object: unknown }>((tie) => ({
    object: fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalar,
      tie('object'),
      fc.array(tie('value'), { maxLength: 3 }),
    ),
  }));
  const event = fc.dictionary(name, value, { maxKeys: 3, noNullPrototype: true });

  it('any set of valid patterns gives what the naive oracle says of each', () => {
    fc.assert(
      fc.property(
        fc.array(pattern, { minLength: 1, maxLength: 6 }),
        fc.array(event, { minLength: 1, maxLength: 4 }),
        (patterns, events) => {
          const valid = patterns.filter((one) => validatePattern(one).length === 0);
          const compiled = compile(new Map(valid.map((one, index) => [String(index), one])));
          for (const one of events) {
            if (spellsTwice(one) || listsInLists(one)) continue;
            const expected = valid.flatMap((each, index) =>
              matchesNaively(each, one) ? [String(index)] : [],
            );
            expect(compiled.match(one)).toEqual(expected);
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('objects in arrays agree with the naive oracle, absent fields included', () => {
    const key = fc.constantFrom('a', 'b', 'c');
    const leaf = fc.constantFrom<unknown[]>(
      [0],
      [1],
      [{ exists: true }],
      [{ exists: false }],
      [0, { exists: false }],
      [{ 'anything-but': [1] }],
    );
    const inner = fc.dictionary(key, leaf, { minKeys: 2, noNullPrototype: true });
    const middle = fc.dictionary(key, fc.oneof(leaf, inner), {
      minKeys: 1,
      noNullPrototype: true,
    });
    const outer = fc.record({ a: fc.oneof(inner, middle) });
    const bit = fc.constantFrom(0, 1);
    const element = fc.dictionary(key, fc.oneof(bit, fc.array(bit, { maxLength: 2 })), {
      noNullPrototype: true,
    });
    const elements = fc.array(fc.oneof(element, bit, fc.array(element, { maxLength: 2 })), {
      maxLength: 3,
    });
    const nested = fc.dictionary(key, fc.oneof(bit, element, elements), { noNullPrototype: true });
    const shape = fc.record({ a: fc.oneof(elements, fc.array(nested, { maxLength: 3 }), nested) });
    fc.assert(
      fc.property(outer, shape, (one, anEvent) => {
        expect(compile({ p: one }).match(anEvent)).toEqual(
          matchesNaively(one, anEvent) ? ['p'] : [],
        );
      }),
      { numRuns: 5_000 },
    );
  });

  it('validation never throws and never passes what does not compile', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.dictionary(fc.string(), fc.array(fc.anything()))),
        (anything) => {
          const issues = validatePattern(anything);
          if (issues.length === 0)
            expect(compile({ p: anything }).match(anything)).toBeInstanceOf(Array);
          else expect(() => compile({ p: anything })).toThrow(SentryError);
        },
      ),
    );
  });
});

/** One object that spells a path both dotted and nested; which spelling wins then is ours to say. */
function spellsTwice(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Object.hasOwn(value, 'a.b') && Object.hasOwn(value, 'a')) return true;
  return Object.values(value).some(spellsTwice);
}

/** Arrays directly in arrays: the other property has them, without fields that are leaf and parent at once. */
function listsInLists(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const below: unknown[] = Object.values(value);
  return (
    (Array.isArray(value) && below.some((one) => Array.isArray(one))) || below.some(listsInLists)
  );
}
