import type { InputIssue } from '#shared/kernel/error.ts';

/** Fields that stand in a stored rule and are the server's: taken in a document, and ignored. */
const STAMPS = new Set([
  'version',
  'author',
  'created_at',
  'updated_at',
  'cost_ns',
  'indexed',
  'condition',
  'matches_24h',
]);

/** Fields of a written rule that its checked form does not have: misspelled, they would do nothing. */
export function unknownFields(written: unknown, checked: unknown, at = ''): InputIssue[] {
  if (typeof written !== 'object' || written === null) return [];
  return Object.entries(written).flatMap(([name, value]) => {
    if (at === '' && STAMPS.has(name)) return [];
    const below = Array.isArray(written) ? `${at}[${name}]` : at === '' ? name : `${at}.${name}`;
    if (typeof checked !== 'object' || checked === null || !Object.hasOwn(checked, name))
      return [{ path: below, message: 'a rule has no such field' }];
    return unknownFields(value, (checked as Record<string, unknown>)[name], below);
  });
}
