import { SentryError } from '#shared/kernel/error.ts';
import type { InputIssue } from '#shared/kernel/error.ts';

import { satisfies, treeOf } from './array-consistency.ts';
import type { BranchTree } from './array-consistency.ts';
import { Leaves, SlotReader } from './event-slot.ts';
import { holds } from './matcher.ts';
import type { Matcher, Scalar } from './matcher.ts';
import { parsePattern } from './parse-pattern.ts';
import type { Branch } from './parse-pattern.ts';
import { WitnessIndex } from './witness-index.ts';

/** Many patterns in one form. `match` returns the ids of those the event satisfies, in the order they were given. */
export interface CompiledPatterns {
  /**
   * `event` is parsed JSON; anything but an object matches nothing. Only own keys count. Throws
   * RangeError when arrays are nested deeper than limit.ts allows: never a silent "no match".
   */
  match(event: unknown): string[];
}

interface Plan {
  ordinal: number;
  fields: readonly { slot: number; absent: boolean; matchers: readonly Matcher[] }[];
  branch: Branch;
  tree: BranchTree | undefined;
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
  const reader = new SlotReader(true);
  const plans = planAll(entries, reader);
  const index = new WitnessIndex(plans.map(({ branch }) => branch));
  const ids = entries.map(([id]) => id);

  return {
    match(event) {
      if (typeof event !== 'object' || event === null || Array.isArray(event)) return [];
      const candidates = index.find(event);
      if (candidates.count === 0) return [];
      reader.read(event);
      const hits: number[] = [];
      for (let n = 0; n < candidates.count; n++) {
        const plan = plans[candidates.at(n)]!;
        if (planHolds(plan, reader, event)) hits.push(plan.ordinal);
      }
      if (hits.length > 1) hits.sort((a, b) => a - b);
      return hits.filter((ordinal, at) => ordinal !== hits[at - 1]).map((ordinal) => ids[ordinal]!);
    },
  };
}

function planAll(entries: readonly (readonly [string, unknown])[], reader: SlotReader): Plan[] {
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
        slot: reader.slotOf(path),
        absent,
        matchers,
      }));
      plans.push({ ordinal, fields, branch, tree: undefined });
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

function planHolds(plan: Plan, reader: SlotReader, event: object): boolean {
  if (reader.repeats && plan.fields.filter(({ slot }) => reader.isRepeated(slot)).length > 1)
    return satisfies((plan.tree ??= treeOf(plan.branch)), event, reader.dotted);
  for (const { slot, absent, matchers } of plan.fields) {
    const value = reader.at(slot);
    if (absent ? value !== undefined : !leafHolds(matchers, value)) return false;
  }
  return true;
}

function leafHolds(matchers: readonly Matcher[], value: Scalar | Leaves | undefined): boolean {
  if (value === undefined) return false;
  if (value instanceof Leaves)
    return value.all.some((leaf) => matchers.some((matcher) => holds(matcher, leaf)));
  for (const matcher of matchers) if (holds(matcher, value)) return true;
  return false;
}
