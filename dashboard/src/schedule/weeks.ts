import type { Override, Shift } from '#shared/schedule/schema.ts';

import { instantOf, wallOf } from './zone.ts';

const DAY_MS = 86_400_000;
const WEEKS = 4;

/** A bar of a lane: where it begins and ends within its week, 0 to 1. */
export interface Bar {
  from: number;
  to: number;
  /** Who; absent: nobody. */
  user?: string;
  /** The whole of it, RFC 3339, however much of it this week shows. */
  span: { from: string; to: string };
}

export interface Lane {
  name: string;
  kind: 'final' | 'layer' | 'override';
  bars: readonly Bar[];
}

export interface Week {
  /** Its seven midnights, ms. */
  days: readonly number[];
  lanes: readonly Lane[];
  /** Where now is, 0 to 1; absent: not in this week. */
  now?: number;
}

/** Midnight of the day of an instant on a zone's clock, ms. */
export function midnightOf(ms: number, zone: string): number {
  return instantOf(Math.floor(wallOf(ms, zone) / DAY_MS) * DAY_MS, zone);
}

interface Given {
  shifts: readonly Shift[];
  gaps: readonly { from: string; to: string }[];
  layers: readonly { name: string }[];
  overrides: readonly Override[];
}

/** Four weeks from the day of `now`, cut into days of a zone: who it is in the end, then what says so. */
export function weeksOf(
  { shifts, gaps, layers, overrides }: Given,
  now: number,
  zone: string,
): Week[] {
  const first = Math.floor(wallOf(now, zone) / DAY_MS) * DAY_MS;
  const midnight = (day: number) => instantOf(first + day * DAY_MS, zone);
  return Array.from({ length: WEEKS }, (_, week) => {
    const days = Array.from({ length: 7 }, (_unused, day) => midnight(week * 7 + day));
    const range = { from: days[0]!, to: midnight(week * 7 + 7) };
    const cut = (spans: readonly { from: string; to: string; user?: string }[]) =>
      barsOf(spans, range);
    const own =
      overrides.length > 0
        ? [{ name: 'Overrides', kind: 'override' as const, bars: cut(overrides) }]
        : [];
    return {
      days,
      ...(now < range.to &&
        now >= range.from && {
          now: (now - range.from) / (range.to - range.from),
        }),
      lanes: [
        { name: 'On call', kind: 'final' as const, bars: cut([...shifts, ...gaps]) },
        ...own,
        ...layers
          .map(({ name }) => ({
            name,
            kind: 'layer' as const,
            bars: cut(shifts.filter(({ layer }) => layer === name)),
          }))
          .toReversed(),
      ],
    };
  });
}

function barsOf(
  spans: readonly { from: string; to: string; user?: string }[],
  range: { from: number; to: number },
): Bar[] {
  const place = (at: number) =>
    (Math.min(Math.max(at, range.from), range.to) - range.from) / (range.to - range.from);
  return spans
    .map(({ from, to, user }) => ({
      from: place(Date.parse(from)),
      to: place(Date.parse(to)),
      ...(user !== undefined && { user }),
      span: { from, to },
    }))
    .filter(({ from, to }) => to > from);
}
