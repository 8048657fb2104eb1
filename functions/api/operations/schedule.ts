import type { Handlers } from '#functions/api/operation.ts';
import type { Operation } from '#shared/api/route-access.ts';
import { getDocument } from '#shared/document/read-document.ts';
import { calendarOf } from '#shared/schedule/calendar.ts';
import { SCHEDULE_KIND } from '#shared/schedule/schedule-kind.ts';
import { gapsOf, onCallAt, shiftsOf } from '#shared/schedule/shifts.ts';

import { documentHandlers } from './document.ts';

const DAY_MS = 86_400_000;

/** `days` from a time on, in ms and as text. */
function rangeOf(from: number, days: number) {
  const to = from + days * DAY_MS;
  return { from, to, said: { from: new Date(from).toISOString(), to: new Date(to).toISOString() } };
}

export const scheduleOperations: Handlers<Extract<Operation, `schedules.${string}`>> = {
  ...documentHandlers('schedules', 'schedule_id', SCHEDULE_KIND, ({ schedules }) => schedules),
  async 'schedules.on-call'({ schedule_id, at }, { context, ports }) {
    const schedule = await getDocument(SCHEDULE_KIND, ports.schedules, context, schedule_id);
    const instant = at === undefined ? context.now() : Date.parse(at);
    const shift = onCallAt(schedule, instant);
    const member = schedule.members.find(({ user }) => user === shift?.user);
    return {
      at: new Date(instant).toISOString(),
      shift: shift ?? null,
      targets: member?.targets ?? [],
    };
  },
  async 'schedules.shifts'({ schedule_id, from, days }, { context, ports }) {
    const schedule = await getDocument(SCHEDULE_KIND, ports.schedules, context, schedule_id);
    const range = rangeOf(from === undefined ? context.now() : Date.parse(from), days);
    return { ...range.said, items: shiftsOf(schedule, range.from, range.to) };
  },
  async 'schedules.gaps'({ schedule_id, days }, { context, ports }) {
    const schedule = await getDocument(SCHEDULE_KIND, ports.schedules, context, schedule_id);
    const range = rangeOf(context.now(), days);
    return { ...range.said, items: gapsOf(schedule, range.from, range.to) };
  },
  async 'schedules.calendar'({ schedule_id, user, days }, { context, ports }) {
    const schedule = await getDocument(SCHEDULE_KIND, ports.schedules, context, schedule_id);
    const range = rangeOf(context.now(), days);
    const shifts = shiftsOf(schedule, range.from, range.to);
    const own = user === undefined ? shifts : shifts.filter((shift) => shift.user === user);
    return calendarOf(schedule, own, context.now());
  },
};
