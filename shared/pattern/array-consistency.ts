import { isScalar } from './event-slot.ts';
import { EVENT_ARRAY_DEPTH_MAX } from './limit.ts';
import { holds } from './matcher.ts';
import type { Branch, Field } from './parse-pattern.ts';

/**
 * A branch as a tree of path segments, for events with objects inside arrays: there all fields below
 * one array must be satisfied by the same element (AWS's "array consistency", aws/event-ruler README).
 * One corner is ours: where a pattern names a path as leaf and as parent at once (`a` and `a.b`), the
 * leaf and the fields below may come from different arrays directly nested in each other.
 */
export interface BranchTree {
  children: Map<string, BranchTree>;
  field?: Field;
  /** Relative paths of the absent fields that AWS meets before it has settled on an element: no element may have them. */
  leading: string[][];
  /** Whether any field below asks for a leaf. */
  asksForLeaf: boolean;
}

function emptyTree(): BranchTree {
  return { children: new Map(), leading: [], asksForLeaf: false };
}

/** Builds the tree; fields come sorted by path, the order in which AWS walks them. */
export function treeOf(branch: Branch): BranchTree {
  const root = emptyTree();
  for (const field of branch) {
    const segments = field.path.split('.');
    let node = root;
    for (const [depth, segment] of segments.entries()) {
      if (field.absent) {
        if (!node.asksForLeaf) node.leading.push(segments.slice(depth));
      } else node.asksForLeaf = true;
      let child = node.children.get(segment);
      if (child === undefined) node.children.set(segment, (child = emptyTree()));
      node = child;
    }
    node.field = field;
  }
  return root;
}

/** Whether the event satisfies the branch. Each part of the event is visited once per level of the pattern. */
export function satisfies(tree: BranchTree, event: object, dotted: boolean): boolean {
  return childrenHold(tree, dotted ? unfold(event, 0) : event);
}

function childrenHold(tree: BranchTree, value: unknown): boolean {
  if (Array.isArray(value)) {
    for (const path of tree.leading) if (hasLeaf(value, path, 0)) return false;
    return !tree.asksForLeaf || value.some((element) => childrenHold(tree, element));
  }
  if (typeof value !== 'object' || value === null) return !tree.asksForLeaf;
  for (const [segment, child] of tree.children) {
    const below = Object.hasOwn(value, segment)
      ? (value as Record<string, unknown>)[segment]
      : undefined;
    if (child.field !== undefined && !fieldHolds(child.field, below)) return false;
    if (child.children.size > 0 && !childrenHold(child, below)) return false;
  }
  return true;
}

function fieldHolds(field: Field, value: unknown): boolean {
  if (field.absent) return !hasLeaf(value, [], 0);
  if (Array.isArray(value)) return value.some((element) => fieldHolds(field, element));
  return isScalar(value) && field.matchers.some((matcher) => holds(matcher, value));
}

/** Whether any leaf stands at the path below the value, through arrays. */
function hasLeaf(value: unknown, path: readonly string[], from: number): boolean {
  if (Array.isArray(value)) return value.some((element) => hasLeaf(element, path, from));
  if (from === path.length) return isScalar(value);
  if (typeof value !== 'object' || value === null) return false;
  const segment = path[from]!;
  return (
    Object.hasOwn(value, segment) &&
    hasLeaf((value as Record<string, unknown>)[segment], path, from + 1)
  );
}

/** Rewrites dotted keys as nested objects. Where one event spells a path both ways, the nested spelling wins. */
function unfold(value: unknown, depth: number): unknown {
  if (depth > EVENT_ARRAY_DEPTH_MAX)
    throw new RangeError(`an event nests deeper than ${EVENT_ARRAY_DEPTH_MAX}`);
  if (Array.isArray(value)) return value.map((element) => unfold(element, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  const out = Object.create(null) as Record<string, unknown>;
  const keys = Object.keys(value).sort((a, b) => Number(a.includes('.')) - Number(b.includes('.')));
  for (const key of keys) {
    const segments = key.split('.');
    let target = out;
    for (const segment of segments.slice(0, -1)) {
      const below = target[segment];
      target =
        typeof below === 'object' && below !== null && !Array.isArray(below)
          ? (below as Record<string, unknown>)
          : ((target[segment] ??= Object.create(null)) as Record<string, unknown>);
      if (typeof target !== 'object' || Array.isArray(target)) break;
    }
    const last = segments[segments.length - 1]!;
    if (typeof target === 'object' && !Array.isArray(target))
      target[last] ??= unfold((value as Record<string, unknown>)[key], depth + 1);
  }
  return out;
}
