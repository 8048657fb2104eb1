/** How a maintenance window comes back, as a form has it. */
export interface Repeat {
  freq: 'ONCE' | 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'OTHER';
  interval: number;
  /** `MO` … `SU`, of a weekly one. */
  days: readonly string[];
  /** Of a monthly one: `15`, `-1` for the last day, `2TU` for the second Tuesday; empty: the day it starts on. */
  on: string;
  /** The last date, `2026-12-31`, or empty. */
  until: string;
  /** What no form has; kept as it is. */
  text: string;
}

export const WEEKDAYS: readonly (readonly [string, string])[] = [
  ['MO', 'Monday'],
  ['TU', 'Tuesday'],
  ['WE', 'Wednesday'],
  ['TH', 'Thursday'],
  ['FR', 'Friday'],
  ['SA', 'Saturday'],
  ['SU', 'Sunday'],
];
export const NTH: readonly (readonly [string, string])[] = [
  ['1', 'first'],
  ['2', 'second'],
  ['3', 'third'],
  ['4', 'fourth'],
  ['-1', 'last'],
];
const DAY_NAMES = new Map(WEEKDAYS);
const NTH_NAMES = new Map(NTH);
export const ONCE: Repeat = { freq: 'ONCE', interval: 1, days: [], on: '', until: '', text: '' };
const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY'] as const;

/** Reads an RRULE as far as the form goes; the rest is `OTHER`, with its text. */
export function readRepeat(rrule: string | undefined): Repeat {
  if (rrule === undefined) return ONCE;
  const other: Repeat = { ...ONCE, freq: 'OTHER', text: rrule };
  const parts = new Map(rrule.split(';').map((part) => part.split('=') as [string, string]));
  const freq = FREQUENCIES.find((one) => one === parts.get('FREQ'));
  const until = readDate(parts.get('UNTIL'));
  if (!freq || until === undefined || parts.has('COUNT')) return other;
  const interval = Number(parts.get('INTERVAL') ?? '1');
  const by = parts.get('BYDAY') ?? '';
  const monthDay = parts.get('BYMONTHDAY') ?? '';
  const base = { ...ONCE, freq, interval, until, text: rrule };
  if (freq === 'WEEKLY')
    return monthDay === '' ? { ...base, days: by === '' ? [] : by.split(',') } : other;
  if (freq === 'DAILY') return by === '' && monthDay === '' ? base : other;
  if (by !== '' && monthDay === '' && /^(-1|[1-4])(MO|TU|WE|TH|FR|SA|SU)$/.test(by))
    return { ...base, on: by };
  return by === '' && !monthDay.includes(',') ? { ...base, on: monthDay } : other;
}

/** The RRULE of a form; undefined for once. */
export function writeRepeat({ freq, interval, days, on, until, text }: Repeat): string | undefined {
  if (freq === 'ONCE') return undefined;
  if (freq === 'OTHER') return text;
  const parts = [`FREQ=${freq}`];
  if (interval > 1) parts.push(`INTERVAL=${interval}`);
  if (freq === 'WEEKLY' && days.length > 0) parts.push(`BYDAY=${days.join()}`);
  if (freq === 'MONTHLY' && on !== '')
    parts.push(/[A-Z]/.test(on) ? `BYDAY=${on}` : `BYMONTHDAY=${on}`);
  if (until !== '') parts.push(`UNTIL=${until.replaceAll('-', '')}`);
  return parts.join(';');
}

/** `every second week on Monday and Friday, until 2026-12-31`. */
export function repeatWords(rrule: string | undefined): string {
  const { freq, interval, days, on, until, text } = readRepeat(rrule);
  if (freq === 'ONCE') return 'once';
  if (freq === 'OTHER') return `by the rule ${text}`;
  const unit = { DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month' }[freq];
  const every = interval === 1 ? `every ${unit}` : `every ${interval} ${unit}s`;
  const end = until === '' ? '' : `, until ${until}`;
  if (freq === 'WEEKLY' && days.length > 0)
    return `${every} on ${days.map((day) => DAY_NAMES.get(day) ?? day).join(', ')}${end}`;
  if (freq === 'MONTHLY' && on !== '') return `${every} on ${dayWords(on)}${end}`;
  return `${every}${end}`;
}

function dayWords(on: string): string {
  const day = DAY_NAMES.get(on.slice(-2));
  if (day !== undefined) return `the ${NTH_NAMES.get(on.slice(0, -2)) ?? on} ${day}`;
  if (on === '-1') return 'its last day';
  return Number(on) > 0 ? `day ${on}` : `day ${-Number(on)} from its end`;
}

/** `20261231` → `2026-12-31`; empty without one, undefined for an instant. */
function readDate(text: string | undefined): string | undefined {
  if (text === undefined) return '';
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(text) ?? [];
  return year === undefined ? undefined : `${year}-${month}-${day}`;
}
