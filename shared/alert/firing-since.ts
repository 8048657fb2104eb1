import type { Alert } from './schema.ts';

/** Since when an alert fires without a break, ms since the epoch. */
export function firingSince({
  reopened_at,
  created_at,
}: Pick<Alert, 'reopened_at' | 'created_at'>): number {
  return Date.parse(reopened_at ?? created_at);
}
