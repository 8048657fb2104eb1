import { describe, expect, it } from 'vitest';

import { CleanRuns } from './clean-run.ts';
import { DISTURBANCES } from './matrix.ts';

/** Their cases are enumerated in tests of their own. */
const ELSEWHERE = new Set(['F10', 'F11', 'F13']);

const clean = new CleanRuns();

describe('the matrix, short: a run with a fault ends as the run without it', () => {
  it.each(DISTURBANCES.filter(({ id }) => !ELSEWHERE.has(id)))(
    '$id $name: $what',
    async ({ run }) => {
      const verdict = await run({ seed: 7, size: 'short', clean, say: () => undefined });
      expect(verdict.wrong).toEqual([]);
      expect(verdict).toMatchObject({ lost: 0, extra: 0, doubles: 0 });
    },
    300_000,
  );
});
