import { Temporal } from 'temporal-polyfill';

import type { Layer } from './schema.ts';
import { intersect, type Span, union } from './span.ts';

/** A turn of one user, cut to the hours of its layer. */
export interface Turn extends Span {
  user: string;
}

const HOURS = { hours: 1, days: 24, weeks: 168 } as const;

/**
 * The turns of a layer that touch [from, to), cut to it; sorted, disjoint. Turns are counted on the
 * wall clock and each end is then looked up in the time zone: a wall time that the spring change skips
 * is the moment after it, one that autumn brings twice is the first.
 */
export function layerTurns(layer: Layer, timeZone: string, { from, to }: Span): Turn[] {
  const start = Temporal.PlainDateTime.from(`${layer.starts_on}T${layer.hand_over_at}`);
  const lengthHours = layer.rotation.length * HOURS[layer.rotation.unit];
  const handOver = (turn: number) => instantOf(start.add({ hours: turn * lengthHours }), timeZone);
  const end =
    layer.ends_on === undefined
      ? Number.POSITIVE_INFINITY
      : instantOf(Temporal.PlainDateTime.from(`${layer.ends_on}T${layer.hand_over_at}`), timeZone);
  const last = Math.min(to, end);
  const turns: Turn[] = [];
  for (let turn = firstTurn(start, lengthHours, timeZone, from); ; turn++) {
    const begins = handOver(turn);
    if (begins >= last) break;
    const span = { from: Math.max(begins, from), to: Math.min(handOver(turn + 1), last) };
    const user = layer.users[turn % layer.users.length]!;
    if (span.from < span.to) turns.push({ user, ...span });
  }
  return layer.restrictions
    ? intersect(turns, openHours(layer.restrictions, timeZone, { from, to }))
    : turns;
}

/** The turn, from 0, that is under way at `from`, or the first of all. */
function firstTurn(
  start: Temporal.PlainDateTime,
  lengthHours: number,
  timeZone: string,
  from: number,
): number {
  const wall = Temporal.Instant.fromEpochMilliseconds(from)
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime();
  const hours = start.until(wall, { largestUnit: 'hours' }).total({ unit: 'hours' });
  // The clocks may have changed within the turn: begin one early, what is over is cut off.
  return Math.max(0, Math.floor(hours / lengthHours) - 1);
}

/** The times of day and week at which a layer is on call, as spans that touch [from, to). */
function openHours(
  restrictions: NonNullable<Layer['restrictions']>,
  timeZone: string,
  { from, to }: Span,
): Span[] {
  const dateOf = (ms: number) =>
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).toPlainDate();
  const last = dateOf(to);
  const open: Span[] = [];
  // One that began the day before may reach into the first day.
  for (
    let day = dateOf(from).subtract({ days: 1 });
    Temporal.PlainDate.compare(day, last) <= 0;
    day = day.add({ days: 1 })
  )
    for (const restriction of restrictions) {
      if (!restriction.weekdays.includes(day.dayOfWeek)) continue;
      const ends = restriction.to > restriction.from ? day : day.add({ days: 1 });
      open.push({
        from: instantOf(day.toPlainDateTime(restriction.from), timeZone),
        to: instantOf(ends.toPlainDateTime(restriction.to), timeZone),
      });
    }
  return union(open.filter((span) => span.from < span.to));
}

/** The instant of a wall time, ms since the epoch. */
function instantOf(wall: Temporal.PlainDateTime, timeZone: string): number {
  return wall.toZonedDateTime(timeZone).epochMilliseconds;
}
