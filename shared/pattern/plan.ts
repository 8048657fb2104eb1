import { satisfies, treeOf } from './array-consistency.ts';
import type { BranchTree } from './array-consistency.ts';
import type { Leaves } from './event-slot.ts';
import type { EventView, Place } from './event-view.ts';
import { holds } from './matcher.ts';
import type { Matcher, Scalar } from './matcher.ts';
import type { Branch } from './parse-pattern.ts';

/** A branch of a pattern made ready to try on events. */
export interface Plan {
  /** Number of the pattern. */
  readonly ordinal: number;
  /** In the order they are tried. */
  readonly fields: PlanField[];
  readonly branch: Branch;
  tree: BranchTree | undefined;
}

export interface PlanField {
  readonly place: Place;
  readonly absent: boolean;
  readonly matchers: readonly Matcher[];
}

/** Whether the event in view satisfies the branch; may err until an irregular event is known as such. */
export function planHolds(plan: Plan, view: EventView): boolean {
  if (view.repeats && plan.fields.filter(({ place }) => view.isRepeated(place)).length > 1)
    return satisfies((plan.tree ??= treeOf(plan.branch)), view.event, view.dotted);
  const { fields } = plan;
  for (let n = 0; n < fields.length; n++) {
    const { place, absent, matchers } = fields[n]!;
    const value = view.at(place);
    if (absent ? value !== undefined && view.isOwn(place) : !leafHolds(matchers, value))
      return false;
  }
  for (const { place, absent } of fields) if (!absent && !view.isOwn(place)) return false;
  return true;
}

function leafHolds(matchers: readonly Matcher[], value: Scalar | Leaves | undefined): boolean {
  if (value === undefined) return false;
  if (typeof value === 'object' && value !== null)
    return value.all.some((leaf) => matchers.some((matcher) => holds(matcher, leaf)));
  for (let n = 0; n < matchers.length; n++) if (holds(matchers[n]!, value)) return true;
  return false;
}
