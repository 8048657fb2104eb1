import type * as z from 'zod';

import { SentryError } from '#shared/kernel/error.ts';

const ISSUES_MAX = 20;

/** Checks an input against its schema; throws `invalid_input` naming every wrong place by its dotted path. */
export function checkInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): z.output<Schema> {
  const checked = schema.safeParse(input);
  if (checked.success) return checked.data;
  const issues = checked.error.issues.slice(0, ISSUES_MAX).map((issue) => ({
    path: issue.path.map(String).join('.'),
    message: issue.message,
  }));
  const first = issues[0]!;
  const where = first.path === '' ? '' : `${first.path}: `;
  throw new SentryError('invalid_input', `${where}${first.message}`, { issues });
}
