import { SentryError } from '#shared/kernel/error.ts';
import type { InputIssue } from '#shared/kernel/error.ts';

import { EventView } from './event-view.ts';
import { Learning, finish } from './learning.ts';
import { parsePattern } from './parse-pattern.ts';
import type { Branch } from './parse-pattern.ts';
import { planOf } from './plan.ts';
import type { Plan } from './plan.ts';
import { Search } from './search.ts';
import { Traffic } from './traffic.ts';
import { fileAll } from './witness-index.ts';

/** Many patterns in one form. `match` returns the ids of those the event satisfies, in the order they were given. */
export interface CompiledPatterns {
  /**
   * `event` is parsed JSON; anything but an object matches nothing. Only own keys count. Throws
   * RangeError when arrays are nested deeper than limit.ts allows: never a silent "no match".
   */
  match(event: unknown): string[];
}

/**
 * Compiles patterns by id. An event is first looked up in an index of what each branch cannot do
 * without; only the branches found there are tried in full. No code is generated. Throws
 * `invalid_input` naming pattern and path when one is refused.
 */
export function compile(
  patterns: ReadonlyMap<string, unknown> | Readonly<Record<string, unknown>>,
): CompiledPatterns {
  const entries = patterns instanceof Map ? [...patterns] : Object.entries(patterns);
  const view = new EventView();
  const plans = planAll(entries, view);
  const search = new Search(view, finish(fileAll(plans, new Traffic())));
  // One plan is tried on every event, wherever it is filed.
  const learning = plans.length > 1 ? new Learning(plans, view, search) : undefined;
  const ids = entries.map(([id]) => id);

  return {
    match(event) {
      if (typeof event !== 'object' || event === null || Array.isArray(event)) return [];
      const hits = search.run(event);
      const found = hits.length === 0 ? [] : hits.map((ordinal) => ids[ordinal]!);
      learning?.step();
      return found;
    },
  };
}

function planAll(entries: readonly (readonly [string, unknown])[], view: EventView): Plan[] {
  const plans: Plan[] = [];
  const faults: InputIssue[] = [];
  for (const [ordinal, [id, pattern]] of entries.entries()) {
    const { branches, issues } = parsePattern(pattern);
    for (const { path, message } of issues)
      faults.push({ path: path === '' ? id : `${id}: ${path}`, message });
    for (const name of unboundIn(branches))
      faults.push({ path: id, message: `there is no lookup table "${name}"` });
    for (const branch of branches) {
      const fields = branch.map(({ path, absent, matchers }) => ({
        place: view.placeOf(path),
        absent,
        matchers,
      }));
      plans.push(planOf(ordinal, branch, fields));
    }
  }
  if (faults.length > 0) {
    const [first] = faults;
    throw new SentryError('invalid_input', `Event pattern ${first!.path}: ${first!.message}`, {
      issues: faults,
    });
  }
  return plans;
}

/** Lookup tables that are named and not put in. */
function unboundIn(branches: readonly Branch[]): Set<string> {
  const names = new Set<string>();
  for (const branch of branches)
    for (const { matchers } of branch)
      for (const matcher of matchers)
        if (matcher.kind === 'test' && matcher.unbound !== undefined) names.add(matcher.unbound);
  return names;
}
