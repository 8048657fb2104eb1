/** Longest time between a silence's start and its end, days: the server's word. */
export const SILENCE_DAYS_MAX = 90;

export const DURATIONS = [
  { word: '30m', name: '30 min' },
  { word: '1h', name: '1 h' },
  { word: '4h', name: '4 h' },
  { word: 'tomorrow', name: 'until tomorrow 09:00' },
  { word: 'resolved', name: 'until resolved' },
  { word: 'custom', name: 'until …' },
] as const;
export type Duration = (typeof DURATIONS)[number]['word'];

const LENGTHS_MS: Partial<Record<Duration, number>> = {
  '30m': 1_800_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
};

/**
 * When a silence ends that starts `now` (ms): RFC 3339, or undefined for one until its alerts are
 * resolved. `custom` is the value of a datetime-local control. Days are those of the viewer's zone.
 */
export function endAfter(duration: Duration, now: number, custom: string): string | undefined {
  if (duration === 'resolved') return undefined;
  const length = LENGTHS_MS[duration];
  if (length !== undefined) return new Date(now + length).toISOString();
  if (duration === 'custom') return new Date(custom).toISOString();
  const morning = new Date(now);
  morning.setDate(morning.getDate() + 1);
  morning.setHours(9, 0, 0, 0);
  return morning.toISOString();
}

/** What is wrong with an end chosen by hand; undefined when nothing is. */
export function customFault(custom: string, now: number): string | undefined {
  const at = Date.parse(custom);
  if (Number.isNaN(at)) return 'Choose a date and a time.';
  if (at <= now) return 'The end is over already.';
  if (at > now + SILENCE_DAYS_MAX * 86_400_000) return `At most ${SILENCE_DAYS_MAX} days from now.`;
  return undefined;
}

/** An instant as the value of a datetime-local control, in the viewer's zone. */
export function localInput(ms: number): string {
  const at = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return at.toISOString().slice(0, 16);
}
