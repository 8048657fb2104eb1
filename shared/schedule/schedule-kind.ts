import type { DocumentKind } from '#shared/document/kind.ts';
import { SentryError, type InputIssue } from '#shared/kernel/error.ts';

import { Schedule } from './schema.ts';

/** Schedules as documents. */
export const SCHEDULE_KIND: DocumentKind<Schedule> = {
  noun: 'schedule',
  idOf: ({ schedule_id }) => schedule_id,
  check: checkSchedule,
};

/** Reads a schedule and says everything that is wrong with it. Throws `invalid_input`. */
function checkSchedule(input: unknown): Schedule {
  const parsed = Schedule.safeParse(input);
  const issues: InputIssue[] = parsed.success
    ? findIssues(parsed.data)
    : parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  if (parsed.success && issues.length === 0) return parsed.data;
  const [first] = issues;
  throw new SentryError(
    'invalid_input',
    `The schedule is not valid: ${first!.path}: ${first!.message}`,
    { issues },
  );
}

/** What a schedule of the right shape may still have wrong. */
function findIssues({ time_zone, members, layers, overrides }: Schedule): InputIssue[] {
  const issues: InputIssue[] = [];
  const say = (path: string, message: string) => issues.push({ path, message });
  if (!isTimeZone(time_zone)) say('time_zone', 'is an IANA time zone such as Europe/Berlin');
  const users = new Set(members.map(({ user }) => user));
  if (users.size < members.length) say('members', 'names somebody twice');
  const names = new Set(layers.map(({ name }) => name));
  if (names.size < layers.length) say('layers', 'have names of their own');
  for (const [at, layer] of layers.entries()) {
    for (const user of layer.users)
      if (!users.has(user)) say(`layers.${at}.users`, `"${user}" is not among the members`);
    if (layer.ends_on !== undefined && layer.ends_on <= layer.starts_on)
      say(`layers.${at}.ends_on`, 'is after "starts_on"');
  }
  for (const [at, { user }] of overrides.entries())
    if (!users.has(user)) say(`overrides.${at}.user`, `"${user}" is not among the members`);
  return issues;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
