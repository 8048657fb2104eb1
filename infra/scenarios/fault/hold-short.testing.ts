import { describe, expect, it } from 'vitest';

import { CleanRuns } from './clean-run.ts';
import { DISTURBANCES } from './matrix.ts';

/** Their cases are enumerated in tests of their own. */
const ELSEWHERE = ['F10', 'F11', 'F13'];
/** What comes in, and what it is written to; everything else is about what goes out. */
const INPUT = ['F1', 'F2', 'F5', 'F18', 'F19'];
const STORE = ['F3', 'F7', 'F20'];
/** Takes a minute and more by itself: storage that refuses everything for a minute. */
const THROTTLE = ['F6'];

const PARTS = {
  input: (id: string) => INPUT.includes(id),
  store: (id: string) => STORE.includes(id),
  throttle: (id: string) => THROTTLE.includes(id),
  output: (id: string) => ![...ELSEWHERE, ...INPUT, ...STORE, ...THROTTLE].includes(id),
};

/** The short form of a part of the matrix; the parts are files, so that they run beside each other. */
export function holdShort(part: keyof typeof PARTS): void {
  const clean = new CleanRuns();
  describe(`the matrix, short, ${part}: a run with a fault ends as the run without it`, () => {
    it.each(DISTURBANCES.filter(({ id }) => PARTS[part](id)))(
      '$id $name: $what',
      async ({ run }) => {
        const verdict = await run({ seed: 7, size: 'short', clean, say: () => undefined });
        expect(verdict.wrong).toEqual([]);
        expect(verdict).toMatchObject({ lost: 0, extra: 0, doubles: 0 });
      },
      300_000,
    );
  });
}
