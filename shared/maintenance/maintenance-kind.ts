import { Temporal } from 'temporal-polyfill';

import { checkDocument } from '#shared/document/check-document.ts';
import type { DocumentKind } from '#shared/document/kind.ts';
import type { InputIssue } from '#shared/kernel/error.ts';
import { checkMatchers } from '#shared/silence/match.ts';

import { parseRecurrence } from './recurrence.ts';
import { MaintenanceWindow } from './schema.ts';

/** Maintenance windows as documents. */
export const MAINTENANCE_KIND: DocumentKind<MaintenanceWindow> = {
  noun: 'maintenance',
  idOf: ({ maintenance_id }) => maintenance_id,
  check: (input) => checkDocument('maintenance window', MaintenanceWindow, findIssues, input),
};

function findIssues({ matchers, time_zone, starts_at, rrule }: MaintenanceWindow): InputIssue[] {
  const issues = checkMatchers(matchers);
  const say = (path: string, message: string) => issues.push({ path, message });
  if (!holds(() => Temporal.PlainDateTime.from(starts_at, { overflow: 'reject' })))
    say('starts_at', 'is a day that the calendar has');
  else if (!holds(() => Temporal.PlainDateTime.from(starts_at).toZonedDateTime(time_zone)))
    say('time_zone', 'is an IANA time zone such as Europe/Berlin');
  const recurrence = rrule === undefined ? undefined : parseRecurrence(rrule);
  if (typeof recurrence === 'string') say('rrule', recurrence);
  return issues;
}

function holds(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
