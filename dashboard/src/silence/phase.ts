import type { Silence } from '#shared/silence/schema.ts';

import { SILENCE_DAYS_MAX } from './duration.ts';

export const PHASES = ['active', 'upcoming', 'ended'] as const;
export type Phase = (typeof PHASES)[number];
export const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  active: 'Active',
  upcoming: 'Upcoming',
  ended: 'Ended',
};

/** When it ends at the latest, ms since the epoch. */
export function lastEndOf({ starts_at, ends_at }: Pick<Silence, 'starts_at' | 'ends_at'>): number {
  if (ends_at !== undefined) return Date.parse(ends_at);
  return Date.parse(starts_at) + SILENCE_DAYS_MAX * 86_400_000;
}

/** Whether a silence holds now, will, or did. */
export function phaseOf(silence: Pick<Silence, 'starts_at' | 'ends_at'>, now: number): Phase {
  if (Date.parse(silence.starts_at) > now) return 'upcoming';
  return lastEndOf(silence) > now ? 'active' : 'ended';
}
