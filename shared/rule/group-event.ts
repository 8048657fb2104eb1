import type { EventRecord } from '#shared/event/schema.ts';
import { digestId, groupKey } from '#shared/kernel/id.ts';

import { fieldReader } from '#shared/event/read-field.ts';
import { rawText, showValue } from './show-value.ts';

/** Values longer than this are told apart by a digest, so that a key stays short. */
const VALUE_CHARS_MAX = 200;

/** The group an event belongs to: `key` tells groups apart, `group` shows them to people. */
export interface EventGroup {
  key: string;
  group: Record<string, string>;
}

/** Compiles a rule's `group_by`. A missing field is a group of its own, shown as `‹path›`. */
export function groupReader(paths: readonly string[]): (event: EventRecord) => EventGroup {
  const readers = paths.map((path) => ({ path, read: fieldReader(path) }));
  return (event) => {
    const values: string[] = [];
    const group: Record<string, string> = {};
    for (const { path, read } of readers) {
      const value = read(event);
      const text = rawText(value, path);
      values.push(text.length > VALUE_CHARS_MAX ? `…${digestId(text)}` : text);
      group[path] = showValue(value, path, VALUE_CHARS_MAX);
    }
    return { key: groupKey(values), group };
  };
}
