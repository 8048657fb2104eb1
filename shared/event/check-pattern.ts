import type { InputIssue } from '#shared/kernel/error.ts';
import { parsePattern } from '#shared/pattern/parse-pattern.ts';

import { checkEventPath } from './check-path.ts';
import { tooDeep } from './pattern-depth.ts';

/** What is wrong with a pattern over events, said at `at` and below it; nothing when it compiles. */
export function checkEventPattern(at: string, pattern: unknown): InputIssue[] {
  const depth = tooDeep(at, pattern);
  if (depth.length > 0) return depth;
  const { branches, issues } = parsePattern(pattern);
  const found = issues.map(({ path, message }) => ({
    path: path === '' ? at : `${at}.${path}`,
    message,
  }));
  const paths = new Set(branches.flatMap((branch) => branch.map((field) => field.path)));
  for (const path of paths) found.push(...checkEventPath(`${at}.${path}`, path));
  return found;
}
