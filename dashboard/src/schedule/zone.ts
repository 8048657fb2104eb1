const formats = new Map<string, Intl.DateTimeFormat>();

/** The wall clock of a zone at an instant (ms), as ms of the same digits in UTC. */
export function wallOf(ms: number, zone: string): number {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(zone, format);
  }
  const part = Object.fromEntries(
    format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The instant (ms) at which a zone's clock shows `wall`; of two the first, of none the one after the gap. */
export function instantOf(wall: number, zone: string): number {
  const offsets = [wall - 86_400_000, wall + 86_400_000].map((at) => wallOf(at, zone) - at);
  const found = offsets.map((offset) => wall - offset).filter((at) => wallOf(at, zone) === wall);
  return found.length > 0 ? Math.min(...found) : wall - offsets[0]!;
}

/** The value of a datetime-local control that shows an instant on a zone's clock. */
export function wallInput(ms: number, zone: string): string {
  return new Date(wallOf(ms, zone)).toISOString().slice(0, 16);
}

/** The instant that the value of a datetime-local control names on a zone's clock: RFC 3339. */
export function fromWallInput(value: string, zone: string): string {
  return new Date(instantOf(Date.parse(`${value}:00Z`), zone)).toISOString();
}

const WORDS: Intl.DateTimeFormatOptions = {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
};

/** `Mon, 23 Nov, 09:00` on a zone's clock. */
export function wallWords(iso: string, zone: string): string {
  return new Date(iso).toLocaleString('en-GB', { ...WORDS, timeZone: zone });
}
