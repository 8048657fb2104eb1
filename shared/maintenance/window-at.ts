import { Temporal } from 'temporal-polyfill';

import { parseRecurrence, type Recurrence } from './recurrence.ts';
import type { MaintenanceWindow } from './schema.ts';

/** What `windowAt` reads of a window. */
export type Timed = Pick<
  MaintenanceWindow,
  'time_zone' | 'starts_at' | 'duration_minutes' | 'rrule'
>;

/** What stays the same for one window, however often it is asked. */
interface Plan {
  start: Temporal.PlainDateTime;
  recurrence?: Recurrence;
  /** The date of the last window, where the rule counts. */
  last?: Temporal.PlainDate;
}

/** A rule that is refused (no stored document has one) holds nothing back. */
const plans = new WeakMap<Timed, Plan | { fault: true }>();

/**
 * The time of maintenance under way at an instant, from its start to its end, in ms since the epoch;
 * undefined when there is none. A start that the spring change skips is the moment after it, one that
 * autumn brings twice is the first; the length is real time. Pure.
 */
export function windowAt(window: Timed, at: number): { from: number; to: number } | undefined {
  const plan = planOf(window);
  if ('fault' in plan) return undefined;
  const lengthMs = window.duration_minutes * 60_000;
  const today = dateAt(at, window.time_zone);
  let found: { from: number; to: number } | undefined;
  // One that began on the day before the longest possible start may still be under way.
  for (
    let day = dateAt(at - lengthMs, window.time_zone).subtract({ days: 1 });
    Temporal.PlainDate.compare(day, today) <= 0;
    day = day.add({ days: 1 })
  ) {
    if (!isStart(plan, window, day)) continue;
    const from = startOn(plan, window, day);
    const to = from + lengthMs;
    if (from <= at && at < to) found = { from: found?.from ?? from, to };
  }
  return found;
}

/** Dates looked at for the next windows. */
const AHEAD_DAYS = 400;

/**
 * The windows that are not over at an instant, at most `count` of those that begin within 400 days, in
 * ms since the epoch. Pure.
 */
export function nextWindows(
  window: Timed,
  at: number,
  count: number,
): { from: number; to: number }[] {
  const plan = planOf(window);
  if ('fault' in plan) return [];
  const lengthMs = window.duration_minutes * 60_000;
  const found: { from: number; to: number }[] = [];
  let day = dateAt(at - lengthMs, window.time_zone).subtract({ days: 1 });
  const last = dateAt(at, window.time_zone).add({ days: AHEAD_DAYS });
  for (
    ;
    found.length < count && Temporal.PlainDate.compare(day, last) <= 0;
    day = day.add({ days: 1 })
  ) {
    if (!isStart(plan, window, day)) continue;
    const from = startOn(plan, window, day);
    if (from + lengthMs > at) found.push({ from, to: from + lengthMs });
  }
  return found;
}

/** Whether a window begins on a date of its wall clock. */
function isStart(plan: Plan, window: Timed, day: Temporal.PlainDate): boolean {
  const { recurrence, last } = plan;
  if (!recurrence) return day.equals(plan.start.toPlainDate());
  if (last && Temporal.PlainDate.compare(day, last) > 0) return false;
  if (!recursOn(recurrence, plan.start.toPlainDate(), day)) return false;
  const { until } = recurrence;
  if (until === undefined) return true;
  if ('date' in until) return day.toString() <= until.date;
  return startOn(plan, window, day) <= until.instant;
}

/** Whether the rule, UNTIL and COUNT apart, names a date on or after the first. */
function recursOn(rule: Recurrence, first: Temporal.PlainDate, day: Temporal.PlainDate): boolean {
  if (Temporal.PlainDate.compare(day, first) < 0) return false;
  if (periodsBetween(rule.freq, first, day) % rule.interval !== 0) return false;
  if (rule.monthDays.length > 0 && !rule.monthDays.some((one) => isMonthDay(one, day)))
    return false;
  if (rule.days.length > 0)
    return rule.days.some(
      ({ weekday, nth }) => weekday === day.dayOfWeek && (nth === undefined || isNth(nth, day)),
    );
  if (rule.freq === 'WEEKLY') return day.dayOfWeek === first.dayOfWeek;
  if (rule.freq === 'MONTHLY' && rule.monthDays.length === 0) return day.day === first.day;
  return true;
}

/** Days, weeks (from Monday) or months from one date to another. */
function periodsBetween(
  freq: Recurrence['freq'],
  first: Temporal.PlainDate,
  day: Temporal.PlainDate,
): number {
  if (freq === 'MONTHLY') return (day.year - first.year) * 12 + day.month - first.month;
  if (freq === 'DAILY') return first.until(day).days;
  const monday = (date: Temporal.PlainDate) => date.subtract({ days: date.dayOfWeek - 1 });
  return monday(first).until(monday(day)).days / 7;
}

function isMonthDay(wanted: number, day: Temporal.PlainDate): boolean {
  return day.day === (wanted > 0 ? wanted : day.daysInMonth + 1 + wanted);
}

function isNth(nth: number, day: Temporal.PlainDate): boolean {
  if (nth > 0) return Math.ceil(day.day / 7) === nth;
  return Math.ceil((day.daysInMonth + 1 - day.day) / 7) === -nth;
}

/** Dates looked at for the last of a counted rule; a rule that names fewer ends there. */
const COUNTED_DAYS_MAX = 40_000;

function planOf(window: Timed): Plan | { fault: true } {
  let plan = plans.get(window);
  if (!plan) plans.set(window, (plan = makePlan(window)));
  return plan;
}

function makePlan({ starts_at, rrule }: Timed): Plan | { fault: true } {
  const start = Temporal.PlainDateTime.from(starts_at);
  if (rrule === undefined) return { start };
  const recurrence = parseRecurrence(rrule);
  if (typeof recurrence === 'string') return { fault: true };
  if (recurrence.count === undefined) return { start, recurrence };
  const first = start.toPlainDate();
  let left = recurrence.count;
  let day = first;
  for (let days = 0; days < COUNTED_DAYS_MAX; days++, day = day.add({ days: 1 }))
    if (recursOn(recurrence, first, day) && --left === 0) break;
  return { start, recurrence, last: day };
}

function startOn(plan: Plan, { time_zone }: Timed, day: Temporal.PlainDate): number {
  return day.toPlainDateTime(plan.start.toPlainTime()).toZonedDateTime(time_zone).epochMilliseconds;
}

function dateAt(ms: number, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).toPlainDate();
}
