import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { compile } from './compile.ts';
import { KeySet } from './key-set.ts';
import { validatePattern } from './validate.ts';

const matches = (pattern: unknown, event: unknown) => compile({ p: pattern }).match(event).length;
const among = (...keys: string[]) => ({ user: [{ lookup: new KeySet('vips', keys) }] });
const exceptAmong = (...keys: string[]) => ({
  user: [{ 'anything-but': { lookup: new KeySet('vips', keys) } }],
});
/** So many that no index looks for each of them. */
const MANY = Array.from({ length: 5_000 }, (_, index) => `user-${index}`);

describe('lookup', () => {
  it.each([
    ['a few keys', ['ada', '42']],
    ['many keys', [...MANY, 'ada', '42']],
  ])('with %s finds strings and numbers among them, nothing else', (_name, keys) => {
    const pattern = among(...keys);
    const found = ['ada', 42, '42', ['x', 'ada']].map((user) => matches(pattern, { user }));
    expect(found).toEqual([1, 1, 1, 1]);
    const missed = ['Ada', ' ada', 'ad', 42.5, true, null, [], {}, 'constructor', '__proto__'];
    expect(missed.filter((user) => matches(pattern, { user }) > 0)).toEqual([]);
    expect(matches(pattern, {})).toBe(0);
  });

  it('inside anything-but passes every leaf that is not among the keys', () => {
    const pattern = exceptAmong(...MANY, '42');
    expect(['ada', 43, true, null].map((user) => matches(pattern, { user }))).toEqual([1, 1, 1, 1]);
    expect(['user-7', 42, '42'].map((user) => matches(pattern, { user }))).toEqual([0, 0, 0]);
    expect(matches(pattern, {})).toBe(0);
  });

  it('stands beside other matchers of a field, and within $or', () => {
    const set = new KeySet('vips', ['ada']);
    const pattern = { user: [{ lookup: set }, { prefix: 'root' }] };
    expect(['ada', 'root-2', 'bob'].map((user) => matches(pattern, { user }))).toEqual([1, 1, 0]);
    const either = { $or: [{ user: [{ lookup: set }] }, { host: ['h1'] }] };
    expect([{ user: 'ada' }, { host: 'h1' }, { user: 'b' }].map((e) => matches(either, e))).toEqual(
      [1, 1, 0],
    );
  });

  it('says the same as a list of the keys as strings, whatever the keys and however many', () => {
    const key = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.integer().map(String),
      fc.constant('1e21'),
    );
    fc.assert(
      fc.property(fc.uniqueArray(key, { minLength: 1, maxLength: 300 }), key, (keys, other) => {
        const table = compile({ p: among(...keys) });
        const list = compile({ p: { user: keys } });
        for (const user of [...keys, other, `${other} `])
          expect(table.match({ user })).toEqual(list.match({ user }));
      }),
      { numRuns: 60 },
    );
  });

  it('by name alone is a valid pattern that does not compile: it is never "no match"', () => {
    for (const matcher of [{ lookup: 'vip-users' }, { 'anything-but': { lookup: 'vip-users' } }]) {
      expect(validatePattern({ user: [matcher] })).toEqual([]);
      expect(() => compile({ p: { user: [matcher] } })).toThrow('no lookup table "vip-users"');
    }
  });

  it.each([[''], ['Vip'], ['a b'], [7], [['a']], [null], ['a'.repeat(65)]])(
    'of the name %j is refused where it stands',
    (name) => {
      expect(validatePattern({ user: [{ lookup: name }] })[0]).toMatchObject({ path: 'user[0]' });
      expect(validatePattern({ user: [{ 'anything-but': { lookup: name } }] })).toHaveLength(1);
    },
  );

  it('with its table put in is written as the name again', () => {
    expect(JSON.stringify(among('ada'))).toBe('{"user":[{"lookup":"vips"}]}');
  });
});
