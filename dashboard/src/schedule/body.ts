import type { Schedule } from '#shared/schedule/schema.ts';

/** What an author writes of a schedule. */
export function bodyOf(schedule: Schedule) {
  const { version: _v, author: _a, updated_at: _u, removed: _r, ...body } = schedule;
  return body;
}
export type ScheduleBody = ReturnType<typeof bodyOf>;
