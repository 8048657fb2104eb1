const RFC3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,12}))?\s*([Zz]|[+-]\d{2}:?\d{2})?$/;
const NUMERIC = /^-?\d{1,20}(?:\.\d{1,9})?$/;

/** Years before this mean "no time given" (Go's zero time is 0001-01-01). */
const YEAR_MIN = 1900;

/**
 * Reads a producer's timestamp: RFC 3339 with `Z`, `+02:00` or `+0000` (no offset = UTC), or an epoch in
 * seconds, milliseconds, microseconds or nanoseconds, as number or text, told apart by magnitude.
 * Returns milliseconds since the epoch, or undefined when it is no time.
 */
export function parseInstant(value: unknown): number | undefined {
  if (typeof value === 'number') return fromEpoch(value);
  if (typeof value !== 'string' || value.length > 64) return undefined;
  return parseCanonical(value) ?? parseText(value.trim());
}

/**
 * Reads a timestamp written exactly as `formatInstant` writes it, in a tenth of the time of the other
 * forms: milliseconds since the epoch, or undefined for any other text, whether it is a time or not.
 */
export function parseCanonical(text: string): number | undefined {
  if (
    text.length !== 24 ||
    text.charCodeAt(4) !== 0x2d ||
    text.charCodeAt(7) !== 0x2d ||
    text.charCodeAt(10) !== 0x54 ||
    text.charCodeAt(13) !== 0x3a ||
    text.charCodeAt(16) !== 0x3a ||
    text.charCodeAt(19) !== 0x2e ||
    text.charCodeAt(23) !== 0x5a
  )
    return undefined;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  const tenths = twoDigits(text, 20);
  const last = twoDigits(text, 21);
  if (year < YEAR_MIN || month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
    return undefined;
  if (tenths < 0 || last < 0) return undefined;
  const midnight = midnightOf(year, month, day);
  if (midnight === undefined) return undefined;
  return midnight + ((hour * 60 + minute) * 60 + second) * 1_000 + tenths * 10 + (last % 10);
}

/** The last day asked for: nearly every event is of the same one, and the calendar is what costs. */
const known: { day: number; midnight: number | undefined } = { day: 0, midnight: undefined };

/** 00:00 UTC of a day, in ms; undefined for a day its month has not. */
function midnightOf(year: number, month: number, day: number): number | undefined {
  const asked = (year * 100 + month) * 100 + day;
  if (asked === known.day) return known.midnight;
  const midnight = Date.UTC(year, month - 1, day);
  known.day = asked;
  known.midnight = new Date(midnight).getUTCDate() === day ? midnight : undefined;
  return known.midnight;
}

/** The number two digits make; where they are none, one so far below zero that no sum hides it. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 0x30;
  const ones = text.charCodeAt(at + 1) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1e6;
}

function parseText(text: string): number | undefined {
  if (NUMERIC.test(text)) return fromEpoch(Number(text));
  const match = RFC3339.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', offset = 'Z'] = match;
  const canonical = `${year}-${month}-${day}T${hour}:${minute}:${second === '60' ? '59' : second}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
  const utc = Date.parse(canonical);
  // Date.parse rolls the 31st of February over to March; such a date is no time.
  if (!Number.isFinite(utc) || new Date(utc).getUTCDate() !== Number(day)) return undefined;
  if (Number(year) < YEAR_MIN) return undefined;
  return utc - offsetMs(offset);
}

function offsetMs(offset: string): number {
  if (offset === 'Z' || offset === 'z') return 0;
  const digits = offset.replace(':', '');
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5));
  return (digits.startsWith('-') ? -minutes : minutes) * 60_000;
}

function fromEpoch(value: number): number | undefined {
  if (!Number.isFinite(value) || value <= 0) return undefined;
  const scale = value < 1e11 ? 1_000 : value < 1e14 ? 1 : value < 1e17 ? 1e-3 : 1e-6;
  const ms = Math.floor(value * scale);
  return ms <= 8.64e15 ? ms : undefined;
}

/** RFC 3339 in UTC with milliseconds. */
export function formatInstant(ms: number): string {
  return new Date(ms).toISOString();
}
