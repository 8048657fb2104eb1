import { type Silence, SILENCE_DAYS_MAX } from './schema.ts';

const DAY_MS = 86_400_000;

/** When a silence ends at the latest, ms since the epoch: one until resolved may not last for ever either. */
export function endOf({ starts_at, ends_at }: Pick<Silence, 'starts_at' | 'ends_at'>): number {
  if (ends_at !== undefined) return Date.parse(ends_at);
  return Date.parse(starts_at) + SILENCE_DAYS_MAX * DAY_MS;
}
