import { emptyProfile, fadeProfile, type Profile } from './profile.ts';

const DAY_MS = 86_400_000;

/** What is known of one kind of day: of Saturday and Sunday, or of the others. */
export interface DayKind {
  profile: Profile;
  /** Days seen, and the number of the last one (since the epoch). */
  days: number;
  day: number;
}

export function emptyDayKind(knots: number): DayKind {
  return { profile: emptyProfile(knots), days: 0, day: 0 };
}

/** Which of the two kinds a local time belongs to; day 0 was a Thursday. */
export function kindAt(localMs: number): 'weekday' | 'weekend' {
  const sinceSaturday = (((Math.floor(localMs / DAY_MS) - 2) % 7) + 7) % 7;
  return sinceSaturday < 2 ? 'weekend' : 'weekday';
}

/** At the first point of a day, what former days taught counts less by `fade`. */
export function enterDay(kind: DayKind, localMs: number, fade: number): DayKind {
  const day = Math.floor(localMs / DAY_MS);
  if (kind.days > 0 && day <= kind.day) return kind;
  return { profile: fadeProfile(kind.profile, fade), days: kind.days + 1, day };
}

/** Days of the kind seen before the one that a time lies in. */
export function daysBefore(kind: DayKind, localMs: number): number {
  const same = kind.days > 0 && Math.floor(localMs / DAY_MS) <= kind.day;
  return same ? kind.days - 1 : kind.days;
}
