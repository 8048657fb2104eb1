import { checkDocument } from '#shared/document/check-document.ts';
import type { DocumentKind } from '#shared/document/kind.ts';
import type { InputIssue } from '#shared/kernel/error.ts';

import { checkMatchers } from './match.ts';
import { Silence, SILENCE_DAYS_MAX } from './schema.ts';

const DAY_MS = 86_400_000;

/** Silences as documents. */
export const SILENCE_KIND: DocumentKind<Silence> = {
  noun: 'silence',
  idOf: ({ silence_id }) => silence_id,
  check: (input) => checkDocument('silence', Silence, findIssues, input),
};

function findIssues({ matchers, starts_at, ends_at, ...rest }: Silence): InputIssue[] {
  const issues = checkMatchers(matchers);
  const say = (path: string, message: string) => issues.push({ path, message });
  if (rest.until_resolved && ends_at !== undefined)
    say('ends_at', 'is not given with "until_resolved"');
  if (rest.until_resolved && rest.reminder_minutes !== undefined)
    say('reminder_minutes', 'needs an "ends_at" to be reminded of');
  if (rest.until_resolved) return issues;
  if (ends_at === undefined) say('ends_at', 'is given, or "until_resolved" is true');
  else {
    const lengthMs = Date.parse(ends_at) - Date.parse(starts_at);
    if (lengthMs <= 0) say('ends_at', 'is after "starts_at"');
    if (lengthMs > SILENCE_DAYS_MAX * DAY_MS)
      say('ends_at', `is at most ${SILENCE_DAYS_MAX} days after "starts_at"`);
  }
  return issues;
}
