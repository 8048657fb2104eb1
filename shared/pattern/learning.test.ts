import { describe, expect, it } from 'vitest';

import { EventView } from './event-view.ts';
import { Learning, finish } from './learning.ts';
import { parsePattern } from './parse-pattern.ts';
import { planOf } from './plan.ts';
import type { Plan } from './plan.ts';
import { Search } from './search.ts';
import { Traffic } from './traffic.ts';
import { fileAll } from './witness-index.ts';

const RULES = 60;
/** Enough to fill a sample and to build an index of so few rules. */
const EVENTS = 3_000;

/** Rules that ask for a zone, which all events have, and for a code, which none has. */
function setUp() {
  const view = new EventView();
  const plans: Plan[] = Array.from({ length: RULES }, (_, at) => {
    const { branches } = parsePattern({ code: [`c${at}`, 'c'], zone: ['a'] });
    const fields = branches[0]!.map((field) => ({ ...field, place: view.placeOf(field.path) }));
    return planOf(at, branches[0]!, fields);
  });
  const search = new Search(view, finish(fileAll(plans, new Traffic())));
  return { search, learning: new Learning(plans, view, search) };
}

describe('learning from traffic', () => {
  it('puts another index in the place of the first, and the answers stay', () => {
    const { search, learning } = setUp();
    const first = search.root;
    const match = (event: object) => [...search.run(event)];
    expect(match({ zone: 'a', code: 'c7' })).toEqual([7]);
    for (let at = 0; at < EVENTS; at++) {
      expect(match({ zone: 'a', code: `other ${at}` })).toEqual([]);
      learning.step();
    }
    expect(search.root).not.toBe(first);
    expect(match({ zone: 'a', code: 'c7' })).toEqual([7]);
    expect(match({ zone: 'a', code: 'c' })).toHaveLength(RULES);
    expect(match({ zone: 'b', code: 'c7' })).toEqual([]);
  });

  it('files plans by what traffic seldom has', () => {
    const { search, learning } = setUp();
    for (let at = 0; at < EVENTS; at++) {
      search.run({ zone: 'a', code: `other ${at}` });
      learning.step();
    }
    expect(search.root.lookups.map(({ place }) => place.name)).toEqual(['code']);
    expect(search.root.plans).toEqual([]);
  });

  it('never fails on what no pattern had to read', () => {
    let deep: unknown = 'x';
    for (let level = 0; level < 1_000; level++) deep = [deep];
    const { search, learning } = setUp();
    const first = search.root;
    for (let at = 0; at < EVENTS; at++) {
      search.run({ zone: 'b', code: `other ${at}` });
      learning.step();
      // The first index looks at the code only where the zone fits, or the other way round.
      for (const event of [{ zone: deep }, { code: deep }])
        try {
          search.run(event);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      expect(() => learning.step()).not.toThrow();
    }
    expect(search.root).not.toBe(first);
  });
});
