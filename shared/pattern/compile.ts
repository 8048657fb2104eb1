import { SentryError } from '#shared/kernel/error.ts';
import type { InputIssue } from '#shared/kernel/error.ts';

import { satisfies, treeOf } from './array-consistency.ts';
import type { BranchTree } from './array-consistency.ts';
import { Leaves, SlotReader } from './event-slot.ts';
import { holds } from './matcher.ts';
import type { Matcher, Scalar } from './matcher.ts';
import { parsePattern } from './parse-pattern.ts';
import type { Branch } from './parse-pattern.ts';

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
 * Compiles patterns by id. Every branch is filed under one field it cannot do without: under its
 * values where it lists only exact ones (the field whose values are rarest among all patterns), else
 * under the field's presence. An event looks up the leaves it has and tries only what it finds there.
 * No code is generated. Throws `invalid_input` naming pattern and path when one is refused.
 */
export function compile(
  patterns: ReadonlyMap<string, unknown> | Readonly<Record<string, unknown>>,
): CompiledPatterns {
  const entries = patterns instanceof Map ? [...patterns] : Object.entries(patterns);
  const reader = new SlotReader();
  const plans = planAll(entries, reader);
  const index = fileUnderWitness(plans);
  const ids = entries.map(([id]) => id);
  const matched = new Uint8Array(ids.length);

  return {
    match(event) {
      if (typeof event !== 'object' || event === null || Array.isArray(event)) return [];
      reader.read(event);
      const hits: number[] = [];
      const tryPlans = (candidates: readonly Plan[] | undefined): void => {
        if (candidates === undefined) return;
        for (const plan of candidates) {
          if (matched[plan.ordinal] === 1 || !planHolds(plan, reader, event)) continue;
          matched[plan.ordinal] = 1;
          hits.push(plan.ordinal);
        }
      };
      try {
        tryPlans(index.always);
        for (const slot of reader.filled) {
          tryPlans(index.byPresence.get(slot));
          const byValue = index.byValue.get(slot);
          if (byValue === undefined) continue;
          const value = reader.at(slot)!;
          if (value instanceof Leaves) for (const leaf of value.all) tryPlans(byValue.get(leaf));
          else tryPlans(byValue.get(value));
        }
      } finally {
        for (const ordinal of hits) matched[ordinal] = 0;
      }
      return hits.sort((a, b) => a - b).map((ordinal) => ids[ordinal]!);
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

interface WitnessIndex {
  /** Branches that ask only for absence. */
  always: Plan[];
  byPresence: Map<number, Plan[]>;
  byValue: Map<number, Map<Scalar, Plan[]>>;
}

function fileUnderWitness(plans: readonly Plan[]): WitnessIndex {
  const uses = countExactValues(plans);
  const index: WitnessIndex = { always: [], byPresence: new Map(), byValue: new Map() };
  for (const plan of plans) {
    let cheapest: { slot: number; values: Scalar[]; cost: number } | undefined;
    let present: number | undefined;
    for (const { slot, absent, matchers } of plan.fields) {
      if (absent) continue;
      present ??= slot;
      const values = exactValues(matchers);
      if (values === undefined) continue;
      const cost = values.reduce<number>((sum, value) => sum + uses.get(slot)!.get(value)!, 0);
      if (cheapest === undefined || cost < cheapest.cost) cheapest = { slot, values, cost };
    }
    if (cheapest !== undefined) {
      const byValue = made(index.byValue, cheapest.slot, () => new Map<Scalar, Plan[]>());
      for (const value of cheapest.values) made(byValue, value, () => [] as Plan[]).push(plan);
    } else if (present !== undefined)
      made(index.byPresence, present, () => [] as Plan[]).push(plan);
    else index.always.push(plan);
  }
  return index;
}

function countExactValues(plans: readonly Plan[]): Map<number, Map<Scalar, number>> {
  const uses = new Map<number, Map<Scalar, number>>();
  for (const plan of plans)
    for (const { slot, matchers } of plan.fields)
      for (const value of exactValues(matchers) ?? []) {
        const counts = made(uses, slot, () => new Map<Scalar, number>());
        counts.set(value, (counts.get(value) ?? 0) + 1);
      }
  return uses;
}

/** The distinct values of a field that lists only exact ones. */
function exactValues(matchers: readonly Matcher[]): Scalar[] | undefined {
  const values = new Set<Scalar>();
  for (const matcher of matchers) {
    if (matcher.kind !== 'equals') return undefined;
    values.add(matcher.value);
  }
  return [...values];
}

function made<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

function planHolds(plan: Plan, reader: SlotReader, event: object): boolean {
  let repeated = 0;
  for (const { slot } of plan.fields) if (reader.isRepeated(slot)) repeated++;
  if (repeated > 1) return satisfies((plan.tree ??= treeOf(plan.branch)), event, reader.dotted);
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
