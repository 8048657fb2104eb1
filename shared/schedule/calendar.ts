import ical from 'ical-generator';

import type { Schedule, Shift } from './schema.ts';

/**
 * The shifts as an iCalendar feed (RFC 5545): one event each, with an id that stays the same as long as
 * the shift does, so that a calendar that subscribes moves nothing it has.
 */
export function calendarOf(schedule: Schedule, shifts: readonly Shift[], at: number): string {
  const calendar = ical({
    name: schedule.name,
    prodId: { company: 'Hearthlink', product: 'Sentry' },
    ttl: 3600,
  });
  for (const { user, from, to, layer, override_id } of shifts)
    calendar.createEvent({
      id: `${schedule.schedule_id}.${from}.${override_id ?? layer}@sentry`,
      start: new Date(from),
      end: new Date(to),
      stamp: new Date(at),
      summary: `${user} on call: ${schedule.name}`,
      description: override_id === undefined ? `Layer ${layer}` : `Override ${override_id}`,
    });
  return calendar.toString();
}
