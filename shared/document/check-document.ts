import type * as z from 'zod';

import { SentryError, type InputIssue } from '#shared/kernel/error.ts';

/**
 * Reads what somebody wrote as a document: its shape first, then what `findIssues` says of it. Throws
 * `invalid_input` with one issue per wrong place.
 */
export function checkDocument<Kind>(
  noun: string,
  schema: z.ZodType<Kind>,
  findIssues: (document: Kind) => InputIssue[],
  input: unknown,
): Kind {
  const parsed = schema.safeParse(input);
  const issues = parsed.success
    ? findIssues(parsed.data)
    : parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  if (parsed.success && issues.length === 0) return parsed.data;
  const [first] = issues;
  throw new SentryError(
    'invalid_input',
    `The ${noun} is not valid: ${first!.path}: ${first!.message}`,
    { issues },
  );
}
