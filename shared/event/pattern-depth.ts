import type { InputIssue } from '#shared/kernel/error.ts';

/** Fields of a pattern inside each other; dotted keys reach deeper. */
const FIELD_LEVELS_MAX = 8;
/** `$or` inside `$or`. */
const OR_LEVELS_MAX = 8;

/**
 * Where a pattern nests fields or alternatives deeper than anybody can read, as issues at `at` and
 * below it; follows it no deeper than that.
 */
export function tooDeep(at: string, pattern: unknown): InputIssue[] {
  const issues: InputIssue[] = [];
  const refuse = (path: string, message: string) => void issues.push({ path, message });
  const walk = (value: unknown, path: string, fields: number, ors: number): void => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    if (ors > OR_LEVELS_MAX)
      return refuse(
        path,
        `$or nests deeper than ${OR_LEVELS_MAX}; write its alternatives side by side`,
      );
    for (const [key, below] of Object.entries(value)) {
      const place = `${path}.${key}`;
      if (key === '$or' && Array.isArray(below))
        for (const [index, one] of below.entries())
          walk(one, `${place}[${index}]`, fields, ors + 1);
      else if (fields === FIELD_LEVELS_MAX)
        refuse(
          place,
          `fields nest deeper than ${FIELD_LEVELS_MAX}; write the path with dots, e.g. "a.b.c"`,
        );
      else walk(below, place, fields + 1, ors);
    }
  };
  walk(pattern, at, 0, 0);
  return issues;
}
