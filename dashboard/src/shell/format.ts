/** A span of time in two units at most: `8 s`, `4 min`, `3 h 12 min`, `2 d 4 h`. */
export function ageWords(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

/** Time that is left: `4:59` below an hour, then as an age. */
export function countdownWords(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds >= 3600) return ageWords(ms);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Bytes for people: `512 B`, `1.5 KB`. */
export function byteWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** `user:rosa` → `rosa`; the kind of any other actor stays. */
export function actorName(actor: string): string {
  return actor.startsWith('user:') ? actor.slice('user:'.length) : actor;
}

/** JSON text indented; text that is none (or was cut) as it is. Hidden characters are made visible. */
export function prettyJson(text: string): string {
  try {
    return showHidden(JSON.stringify(JSON.parse(text), undefined, 2));
  } catch {
    return showHidden(text);
  }
}

/** Characters that turn or hide the text around them (bidi controls, zero width), as escapes. */
const HIDDEN = /[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

export function showHidden(text: string): string {
  return text.replace(
    HIDDEN,
    (letter) => `\\u${letter.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
}

/** Time of day, with the date when it is not of the same day as `now`; local, or UTC and said so. */
export function timeWords(iso: string, now: number, clock: 'local' | 'utc' = 'local'): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const zone = clock === 'utc' ? { timeZone: 'UTC' } : {};
  const day = (date: Date) =>
    date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', ...zone });
  const time = at.toLocaleTimeString('en-GB', zone) + (clock === 'utc' ? ' UTC' : '');
  return day(at) === day(new Date(now)) ? time : `${day(at)}, ${time}`;
}
