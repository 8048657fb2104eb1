import { useLocation, useSearch } from 'wouter';

import type { Schedule } from '#shared/schedule/schema.ts';

import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp } from '#dashboard/shell/app-context.ts';
import { serverNow } from '#dashboard/shell/clock.ts';
import { Loaded } from '#dashboard/shell/part/loaded.tsx';
import { ownZone } from '#dashboard/silence/zone-field.tsx';

import { Calendar } from './calendar.tsx';
import { ShiftTable } from './shift-table.tsx';
import { midnightOf, weeksOf } from './weeks.ts';

interface ShownZone {
  zone: string;
  isOwn: boolean;
  setOwn: (isOwn: boolean) => void;
}

/** Whose clock is shown, the schedule's or the viewer's: `?zone=mine`. */
export function useZone(scheduleZone: string): ShownZone {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const isOwn = new URLSearchParams(search).get('zone') === 'mine';
  const setOwn = (isOn: boolean) => {
    const query = new URLSearchParams(search);
    if (isOn) query.set('zone', 'mine');
    else query.delete('zone');
    navigate(query.size > 0 ? `${path}?${query}` : path, { replace: true });
  };
  return { zone: isOwn ? ownZone() : scheduleZone, isOwn, setOwn };
}

interface Props {
  schedule: Schedule;
  gaps: readonly { from: string; to: string }[];
  zone: ShownZone;
}

/** The next four weeks. */
export function CalendarPanel({ schedule, gaps, zone: { zone, isOwn, setOwn } }: Props) {
  const { call } = useApp();
  const { schedule_id, version, time_zone, members, layers, overrides } = schedule;
  const from = midnightOf(serverNow(), zone);
  const shifts = useResource(`shifts ${schedule_id} ${version} ${from}`, () =>
    call('schedules.shifts', { schedule_id, from: new Date(from).toISOString(), days: 29 }),
  );
  return (
    <section className="panel" aria-labelledby="calendar-title">
      <div className="panel-head">
        <h2 id="calendar-title">The next four weeks</h2>
        <div className="chips panel-actions" role="group" aria-label="Clock">
          <button
            type="button"
            className="chip"
            aria-pressed={!isOwn}
            onClick={() => setOwn(false)}
          >
            <bdi>{time_zone}</bdi>
          </button>
          <button type="button" className="chip" aria-pressed={isOwn} onClick={() => setOwn(true)}>
            yours: {ownZone()}
          </button>
        </div>
      </div>
      <Loaded what="Shifts" resource={shifts}>
        {({ items }) => (
          <>
            <Calendar
              weeks={weeksOf({ shifts: items, gaps, layers, overrides }, serverNow(), zone)}
              zone={zone}
              people={members.map(({ user }) => user)}
            />
            <ShiftTable shifts={items} gaps={gaps} zone={zone} />
          </>
        )}
      </Loaded>
    </section>
  );
}
