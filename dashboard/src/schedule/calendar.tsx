import { Fragment } from 'react';

import { type Bar, type Week } from './weeks.ts';
import { wallWords } from './zone.ts';

const COLOURS = 6;

interface Props {
  weeks: readonly Week[];
  zone: string;
  /** Members in order: each has a shade of its own, beside the name. */
  people: readonly string[];
}

/** Four weeks as lanes of bars; the same is in the table below it. */
export function Calendar({ weeks, zone, people }: Props) {
  return (
    <div className="calendar" aria-hidden="true">
      {weeks.map((week) => (
        <div key={week.days[0]} className="week">
          <div className="week-days">
            <span />
            <div className="week-track">
              {week.days.map((day) => (
                <span key={day} className="week-day">
                  {part(day, zone, { weekday: 'short' })} {part(day, zone, { day: 'numeric' })}
                  <span className="only-wide"> {part(day, zone, { month: 'short' })}</span>
                </span>
              ))}
            </div>
          </div>
          {week.lanes.map((lane) => (
            <div key={`${lane.kind} ${lane.name}`} className={`lane lane-${lane.kind}`}>
              <bdi className="lane-name">{lane.name}</bdi>
              <div className="week-track lane-track">
                {lane.bars.map((bar) => (
                  <Fragment key={`${bar.span.from} ${bar.user}`}>
                    <BarOf bar={bar} zone={zone} people={people} />
                  </Fragment>
                ))}
                {week.now !== undefined && (
                  <span className="lane-now" ref={placed({ from: week.now, to: week.now })} />
                )}
              </div>
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

function BarOf({ bar, zone, people }: { bar: Bar; zone: string; people: readonly string[] }) {
  const { user, span } = bar;
  const when = `${wallWords(span.from, zone)} – ${wallWords(span.to, zone)}`;
  const shade = user === undefined ? 'gap' : Math.max(0, people.indexOf(user)) % COLOURS;
  return (
    <span
      className={`shift-bar shift-bar-${shade}`}
      ref={placed(bar)}
      title={`${user ?? 'Nobody'}: ${when}`}
    >
      <bdi>{user ?? 'nobody'}</bdi>
    </span>
  );
}

/** The policy forbids style attributes; what is set by script is not one. */
function placed({ from, to }: { from: number; to: number }) {
  return (element: HTMLElement | null) => {
    element?.style.setProperty('--from', String(from));
    element?.style.setProperty('--length', String(to - from));
  };
}

function part(day: number, zone: string, which: Intl.DateTimeFormatOptions): string {
  return new Date(day).toLocaleDateString('en-GB', { ...which, timeZone: zone });
}
