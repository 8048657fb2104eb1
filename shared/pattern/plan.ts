import { satisfies, treeOf } from './array-consistency.ts';
import type { BranchTree } from './array-consistency.ts';
import { Leaves } from './event-slot.ts';
import type { EventView, Place } from './event-view.ts';
import { holds } from './matcher.ts';
import type { Matcher, Scalar } from './matcher.ts';
import type { Branch } from './parse-pattern.ts';

/** A branch of a pattern made ready to try on events. */
export interface Plan {
  /** Number of the pattern. */
  readonly ordinal: number;
  /** In the order they are tried. */
  readonly fields: readonly PlanField[];
  readonly branch: Branch;
  tree: BranchTree | undefined;
  /** The one value that the first field asks for at its place, to turn most events away at once. */
  readonly firstPlace: Place | undefined;
  readonly firstValue: Scalar;
}

export interface PlanField {
  readonly place: Place;
  readonly absent: boolean;
  readonly matchers: readonly Matcher[];
}

/** `fields`: in the order they are to be tried. */
export function planOf(ordinal: number, branch: Branch, fields: readonly PlanField[]): Plan {
  const [first] = fields;
  const only = first?.matchers.length === 1 ? first.matchers[0] : undefined;
  const [firstPlace, firstValue] =
    only?.kind === 'equals' ? [first!.place, only.value] : [undefined, null];
  return { ordinal, fields, branch, tree: undefined, firstPlace, firstValue };
}

/** Whether the event in view satisfies the branch; may err until an irregular event is known as such. */
export function planHolds(plan: Plan, view: EventView): boolean {
  if (plan.firstPlace !== undefined) {
    const value = view.at(plan.firstPlace);
    if (value !== plan.firstValue && !(value instanceof Leaves)) return false;
  }
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
