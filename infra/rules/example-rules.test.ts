import { join } from 'node:path';

import { expect, it } from 'vitest';

import { judgeRules } from '#infra/cli/judge-rules.ts';
import { readLookupFolder } from '#infra/cli/lookup-file.ts';

const folder = join(import.meta.dirname, 'example');

it('the example passes its tests with the lookup table shipped beside it', () => {
  const judged = judgeRules([folder], true, readLookupFolder(join(folder, 'lookups')));
  expect(judged).toEqual({ rules: 1, tests: 2, issues: [], warnings: [] });
});
