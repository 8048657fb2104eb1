import type { AlertGroup } from './schema.ts';

/** A group that is over is kept this long. */
const KEPT_MS = 90 * 86_400_000;

/** When a group goes, in RFC 3339 and whole seconds; undefined while it stands. */
export function groupExpiry({ ended_at }: AlertGroup): string | undefined {
  if (ended_at === undefined) return undefined;
  const at = Date.parse(ended_at) + KEPT_MS;
  return new Date(at - (at % 1000)).toISOString();
}
