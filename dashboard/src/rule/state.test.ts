import { describe, expect, it } from 'vitest';

import { requireTransition } from '#shared/rule/transition.ts';

import { MAY_BECOME, STATES } from './state.ts';

describe('the states of a rule', () => {
  it('become what the server allows, and nothing else', () => {
    const allowed = (before: (typeof STATES)[number]['state'], after: typeof before) => {
      try {
        requireTransition(before, after);
        return before !== after;
      } catch {
        return false;
      }
    };
    for (const { state: before } of STATES)
      expect([before, ...MAY_BECOME[before]].sort()).toEqual(
        [
          before,
          ...STATES.map(({ state }) => state).filter((after) => allowed(before, after)),
        ].sort(),
      );
  });
});
