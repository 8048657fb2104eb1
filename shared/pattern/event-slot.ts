import { EVENT_ARRAY_DEPTH_MAX } from './limit.ts';
import type { Scalar } from './matcher.ts';
import { PathNode } from './path-node.ts';

/** Several leaves of one path, from arrays in the event. */
export class Leaves {
  readonly all: Scalar[];
  constructor(all: Scalar[]) {
    this.all = all;
  }
}

/** True for what JSON calls a scalar; everything else (undefined, functions) is no leaf. */
export function isScalar(value: unknown): value is Scalar {
  return (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  );
}

/**
 * Reads the leaves of an event at the paths that patterns use, each once, into numbered slots. Only
 * own keys count. One reader serves one event at a time; `read` forgets the event before.
 */
export class SlotReader {
  readonly root = new PathNode('');
  readonly #paths = new Map<string, number>();
  #values: (Scalar | Leaves)[] = [];
  #stamps: number[] = [];
  #repeated: number[] = [];
  #stamp = 0;
  #insideArray = 0;
  /** True when any slot is repeated in the event read last. */
  repeats = false;
  /** True when a path was found spelled with a dotted key in the event read last. */
  dotted = false;

  /** The slot of a path, made on first use. */
  slotOf(path: string): number {
    const known = this.#paths.get(path);
    if (known !== undefined) return known;
    const node = this.root.extend(path.split('.'));
    node.slot = this.#values.length;
    this.#paths.set(path, node.slot);
    this.#values.push(null);
    this.#stamps.push(0);
    this.#repeated.push(0);
    return node.slot;
  }

  read(event: object): void {
    this.#stamp++;
    this.#insideArray = 0;
    this.repeats = false;
    this.dotted = false;
    this.#walk(this.root, event as Record<string, unknown>);
  }

  /** The leaf or leaves of a slot; undefined when there is none. */
  at(slot: number): Scalar | Leaves | undefined {
    return this.#stamps[slot] === this.#stamp ? this.#values[slot] : undefined;
  }

  /** True when the slot has a leaf from an object inside an array, where elements must agree. */
  isRepeated(slot: number): boolean {
    return this.#repeated[slot] === this.#stamp;
  }

  #walk(node: PathNode, object: Record<string, unknown>): void {
    if (node.few !== undefined) {
      for (const child of node.few) {
        const value = object[child.name];
        if (value !== undefined && Object.hasOwn(object, child.name)) this.#visit(child, value, 0);
      }
    } else
      for (const key in object) {
        const child = node.child(key);
        if (child !== undefined && Object.hasOwn(object, key)) this.#visit(child, object[key], 0);
      }
    if (node.parents.length === 0) return;
    for (const key in object) {
      const below = node.dotted(key);
      if (below === undefined || !Object.hasOwn(object, key)) continue;
      this.dotted = true;
      this.#visit(below, object[key], 0);
    }
  }

  #visit(node: PathNode, value: unknown, arrayDepth: number): void {
    if (isScalar(value)) {
      if (node.slot >= 0) this.#fill(node.slot, value);
    } else if (Array.isArray(value)) {
      if (arrayDepth >= EVENT_ARRAY_DEPTH_MAX)
        throw new RangeError(`an event nests arrays deeper than ${EVENT_ARRAY_DEPTH_MAX}`);
      this.#insideArray++;
      for (const element of value as unknown[]) this.#visitElement(node, element, arrayDepth + 1);
      this.#insideArray--;
    } else if (typeof value === 'object' && value !== null && node.isParent)
      this.#walk(node, value as Record<string, unknown>);
  }

  #visitElement(node: PathNode, element: unknown, arrayDepth: number): void {
    if (!isScalar(element)) return this.#visit(node, element, arrayDepth);
    // A scalar directly in an array is a leaf of the array's own path: no element to agree on.
    this.#insideArray--;
    if (node.slot >= 0) this.#fill(node.slot, element);
    this.#insideArray++;
  }

  #fill(slot: number, value: Scalar): void {
    if (this.#insideArray > 0) {
      this.#repeated[slot] = this.#stamp;
      this.repeats = true;
    }
    if (this.#stamps[slot] !== this.#stamp) {
      this.#stamps[slot] = this.#stamp;
      this.#values[slot] = value;
      return;
    }
    const former = this.#values[slot]!;
    if (former instanceof Leaves) former.all.push(value);
    else this.#values[slot] = new Leaves([former, value]);
  }
}
