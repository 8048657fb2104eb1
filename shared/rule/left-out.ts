import type { EvaluatedGroup } from './evaluate-rule.ts';

/** What the detector could not use of the events, to follow a sentence: `; left out: no value at payload.ms (3)`; empty when it used all. */
export function leftOutWords(groups: readonly EvaluatedGroup[]): string {
  const counts = new Map<string, number>();
  for (const { skipped = {} } of groups)
    for (const [reason, count] of Object.entries(skipped))
      counts.set(reason, (counts.get(reason) ?? 0) + count);
  if (counts.size === 0) return '';
  return `; left out: ${[...counts].map(([reason, count]) => `${reason} (${count})`).join(', ')}`;
}
