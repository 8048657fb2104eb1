import { describe, expect, it } from 'vitest';

import { holdOrder } from './hold.ts';

describe('a list that is held', () => {
  it('keeps its rows in place and lets new ones wait', () => {
    expect(holdOrder(['b', 'a'], ['c', 'a', 'b'], true)).toEqual({
      shown: ['b', 'a'],
      fresh: ['c'],
    });
  });

  it('keeps a row that the filter no longer selects', () => {
    expect(holdOrder(['b', 'a'], ['a'], true).shown).toEqual(['b', 'a']);
  });

  it('shows everything when it is let go, and when it was empty', () => {
    expect(holdOrder(['a'], ['b', 'a'], false)).toEqual({ shown: ['b', 'a'], fresh: [] });
    expect(holdOrder([], ['b'], true)).toEqual({ shown: ['b'], fresh: [] });
  });
});
