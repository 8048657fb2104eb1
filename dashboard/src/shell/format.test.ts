import { describe, expect, it } from 'vitest';

import { actorName, ageWords, prettyJson } from './format.ts';

describe('words', () => {
  it.each([
    [-5, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_600_000, '1 h'],
    [11_520_000, '3 h 12 min'],
    [187_200_000, '2 d 4 h'],
  ])('for an age of %i ms are %s', (ms, words) => {
    expect(ageWords(ms)).toBe(words);
  });

  it('make hidden characters of a payload visible', () => {
    expect(prettyJson('{"a":"x\u202ey"}')).toBe('{\n  "a": "x\\u202ey"\n}');
    expect(prettyJson('cut \u200b…')).toBe('cut \\u200b…');
  });

  it('leave the kind of an actor away only for people', () => {
    expect(actorName('user:rosa')).toBe('rosa');
    expect(actorName('client:pump')).toBe('client:pump');
  });
});
