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
  const text = value.trim();
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
