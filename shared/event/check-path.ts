import type { InputIssue } from '#shared/kernel/error.ts';

import { FIELD_SEGMENTS_MAX } from './read-field.ts';
import { EventRecord } from './schema.ts';

const EVENT_FIELDS: ReadonlySet<string> = new Set(Object.keys(EventRecord.shape));

/** What is wrong with a dotted path into an event, said at the place `at`; nothing when it is right. */
export function checkEventPath(at: string, path: string): InputIssue[] {
  const segments = path.split('.');
  if (segments.includes(''))
    return [{ path: at, message: `"${path}" is not a dotted path such as payload.user.name` }];
  if (segments.length > FIELD_SEGMENTS_MAX)
    return [{ path: at, message: `a path has at most ${FIELD_SEGMENTS_MAX} segments` }];
  if (segments.includes('__proto__'))
    return [{ path: at, message: 'no event has a field __proto__; name the field that is meant' }];
  const root = segments[0]!;
  if (EVENT_FIELDS.has(root)) return [];
  return [{ path: at, message: `events have no field "${root}"; did you mean "payload.${root}"?` }];
}
