import type { Clock } from '#shared/kernel/context.ts';

import type { ResponseRules } from './rules.ts';

/** A silence holds for whatever is decided so long after it was saved, and mostly at once. */
const REMEMBERED_MS = 1_000;

type ReadRules = (tenant: string) => Promise<ResponseRules>;

/**
 * Reads each tenant's rules at most once a second in one run, a batch or a sweep, which may take a
 * minute, and only when they are asked for.
 */
export function rememberRules(read: ReadRules, clock: Clock): ReadRules {
  const known = new Map<string, { rules: Promise<ResponseRules>; at: number }>();
  return (tenant) => {
    const at = clock.now();
    const found = known.get(tenant);
    if (found && at >= found.at && at - found.at < REMEMBERED_MS) return found.rules;
    const entry = { rules: read(tenant), at };
    known.set(tenant, entry);
    // One failed read must not fail every later try.
    entry.rules.catch(() => {
      if (known.get(tenant) === entry) known.delete(tenant);
    });
    return entry.rules;
  };
}
