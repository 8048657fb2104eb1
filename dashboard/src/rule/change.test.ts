import { describe, expect, it } from 'vitest';

import { ApiError } from '#dashboard/api/problem.ts';

import { attempt } from './change.ts';

const failing = (error: Error) => attempt(() => Promise.reject(error));

describe('an attempt to change a rule', () => {
  it('may be overridden only when nothing but its tests speaks against it', async () => {
    const refuse = (...paths: string[]) =>
      failing(
        new ApiError(
          'invalid_input',
          'No.',
          undefined,
          paths.map((path) => ({ path, message: '' })),
        ),
      );
    expect(await refuse('tests', 'tests[3]')).toMatchObject({ kind: 'refused', isByTests: true });
    for (const paths of [['tests[0].expect'], ['tests', 'severity'], []])
      expect(await refuse(...paths)).toMatchObject({ kind: 'refused', isByTests: false });
  });

  it('tells somebody else being faster from everything else that fails', async () => {
    const current = { rule_id: 'a', version: 2 };
    expect(await failing(new ApiError('precondition_failed', 'Late.', current))).toEqual({
      kind: 'conflict',
      current,
    });
    expect(await failing(new ApiError('conflict', 'Late.'))).toMatchObject({ kind: 'refused' });
    expect(await failing(new Error('Broken.'))).toMatchObject({ message: 'Broken.', issues: [] });
  });
});
