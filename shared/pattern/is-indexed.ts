import type { Matcher } from './matcher.ts';
import type { Branch } from './parse-pattern.ts';

/**
 * Whether an index can tell which events these branches may select: each has a field all of whose
 * matchers name a value, a text, a bound, a block or that the field is there. Where one does not, as
 * with exclusions only, its pattern is tried on every event.
 */
export function isIndexed(branches: readonly Branch[]): boolean {
  return branches.every((branch) =>
    branch.some(({ absent, matchers }) => !absent && matchers.every(isTelling)),
  );
}

function isTelling(matcher: Matcher): boolean {
  if (matcher.kind !== 'test' || matcher.witness !== undefined) return true;
  // The values of a lookup table stand for it, also before the table is put in.
  return matcher.alternatives !== undefined || matcher.unbound !== undefined;
}
