/** ISO weekday, 1 = Monday … 7 = Sunday, and with `nth` only the first … fifth of a month, or last (-1). */
export interface DayRule {
  weekday: number;
  nth?: number;
}

/** The part of an RFC 5545 RRULE that is understood. */
export interface Recurrence {
  freq: 'DAILY' | 'WEEKLY' | 'MONTHLY';
  interval: number;
  days: readonly DayRule[];
  /** 1 … 31, or from the month's end: -1 is its last. */
  monthDays: readonly number[];
  /** The last start: a date of the wall clock, or an instant in ms. */
  until?: { date: string } | { instant: number };
  count?: number;
}

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const FREQUENCIES: ReadonlySet<string> = new Set(['DAILY', 'WEEKLY', 'MONTHLY']);
const COUNT_MAX = 1_000;
const INTERVAL_MAX = 366;

/**
 * Reads `FREQ=…;…` with INTERVAL, BYDAY, BYMONTHDAY, UNTIL and COUNT; weeks begin on Monday. Returns
 * the reason as text when it is refused; whatever else RFC 5545 has is refused by its name.
 */
export function parseRecurrence(text: string): Recurrence | string {
  const found: Partial<Record<string, string>> = {};
  for (const part of text.split(';')) {
    const [name = '', value = '', ...rest] = part.split('=');
    if (value === '' || rest.length > 0) return `"${part}" is not NAME=VALUE`;
    if (found[name] !== undefined) return `${name} is given twice`;
    found[name] = value;
  }
  const { FREQ, INTERVAL, BYDAY, BYMONTHDAY, UNTIL, COUNT, WKST, ...others } = found;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    return `${unknown} is not supported; FREQ, INTERVAL, BYDAY, BYMONTHDAY, UNTIL and COUNT are`;
  if (WKST !== undefined && WKST !== 'MO')
    return `WKST=${WKST} is not supported; weeks begin on MO`;
  if (FREQ === undefined || !FREQUENCIES.has(FREQ))
    return `FREQ is DAILY, WEEKLY or MONTHLY${FREQ === undefined ? '' : `, not ${FREQ}`}`;
  if (UNTIL !== undefined && COUNT !== undefined) return 'UNTIL and COUNT are not given together';
  const freq = FREQ as Recurrence['freq'];
  const interval = wholeNumber(INTERVAL ?? '1', 1, INTERVAL_MAX);
  if (interval === undefined) return `INTERVAL is 1 to ${INTERVAL_MAX}`;
  const count = COUNT === undefined ? undefined : wholeNumber(COUNT, 1, COUNT_MAX);
  if (COUNT !== undefined && count === undefined) return `COUNT is 1 to ${COUNT_MAX}`;
  const days = (BYDAY?.split(',') ?? []).map((day) => readDay(day, freq));
  if (days.includes(undefined)) return wrongDay(freq);
  const monthDays = (BYMONTHDAY?.split(',') ?? []).map(readMonthDay);
  if (monthDays.includes(undefined)) return 'BYMONTHDAY is a list of 1 to 31 or -31 to -1';
  if (freq === 'WEEKLY' && monthDays.length > 0) return 'BYMONTHDAY does not go with FREQ=WEEKLY';
  const until = UNTIL === undefined ? undefined : readUntil(UNTIL);
  if (UNTIL !== undefined && until === undefined)
    return 'UNTIL is a date such as 20261231, or an instant such as 20261231T230000Z';
  return {
    freq,
    interval,
    days: days as DayRule[],
    monthDays: monthDays as number[],
    ...(until && { until }),
    ...(count !== undefined && { count }),
  };
}

function wholeNumber(text: string, least: number, most: number): number | undefined {
  if (!/^-?\d{1,6}$/.test(text)) return undefined;
  const number = Number(text);
  return number >= least && number <= most ? number : undefined;
}

function readMonthDay(text: string): number | undefined {
  const day = wholeNumber(text, -31, 31);
  return day === 0 ? undefined : day;
}

function readDay(text: string, freq: Recurrence['freq']): DayRule | undefined {
  const weekday = WEEKDAYS.indexOf(text.slice(-2)) + 1;
  const ordinal = text.slice(0, -2);
  if (weekday === 0) return undefined;
  if (ordinal === '') return { weekday };
  const nth = freq === 'MONTHLY' ? wholeNumber(ordinal.replace(/^\+/, ''), -5, 5) : undefined;
  return nth === undefined || nth === 0 ? undefined : { weekday, nth };
}

function wrongDay(freq: Recurrence['freq']): string {
  return freq === 'MONTHLY'
    ? 'BYDAY is a list of MO to SU, each with 1 to 5 or -1 to -5 before it or without'
    : 'BYDAY is a list of MO to SU; numbers before them go with FREQ=MONTHLY only';
}

function readUntil(text: string): Recurrence['until'] {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z)?$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const date = `${year}-${month}-${day}`;
  const instant = Date.parse(`${date}T${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}Z`);
  // Date.parse refuses month 13, but takes February 30th for March.
  if (Number.isNaN(instant) || new Date(instant).toISOString().slice(0, 10) !== date)
    return undefined;
  return hour === undefined ? { date } : { instant };
}
