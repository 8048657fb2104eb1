import { Leaves, SlotReader, isScalar } from './event-slot.ts';
import type { Scalar } from './matcher.ts';
import type { PathNode } from './path-node.ts';

/** An object of the event that paths lead through: the event itself, or what a key of another holds. */
export interface Holder {
  readonly node: PathNode;
  readonly above: Holder | undefined;
  /** Of the event whose number is `openedIn`; undefined where it has no such object. */
  object: Record<string, unknown> | undefined;
  openedIn: number;
  searchedIn: number;
  /** Keys seen before that lead nowhere by a dot, by their place in the object. */
  readonly known: string[];
}

/** Where the leaf of a path stands. */
export interface Place {
  readonly slot: number;
  readonly name: string;
  readonly holder: Holder;
  /** How many objects lie around it. */
  readonly depth: number;
}

/** Keys of one object that are remembered as leading nowhere. */
const KNOWN_MAX = 32;

/**
 * The leaves of an event at the paths that patterns use, read only when asked for. An event that
 * spells such a path with a dotted key, or has objects in arrays on it, is `irregular`: it is read as
 * a whole, and what was asked before may have been incomplete, so ask again. One view shows one event
 * at a time. Until `isOwn` has said so, a leaf may be an inherited one.
 */
export class EventView {
  readonly #all = new SlotReader();
  readonly #root: Holder = holderOf(this.#all.root, undefined);
  readonly #places = new Map<string, Place>();
  readonly #holders = new Map<PathNode, Holder>();
  #number = 0;
  irregular = false;

  /** The place of a path, made on first use. */
  placeOf(path: string): Place {
    let place = this.#places.get(path);
    if (place === undefined) {
      const slot = this.#all.slotOf(path);
      const segments = path.split('.');
      const name = segments.pop()!;
      const holder = this.#holderOf(segments);
      place = { slot, name, holder, depth: segments.length };
      this.#places.set(path, place);
    }
    return place;
  }

  places(): Iterable<Place> {
    return this.#places.values();
  }

  show(event: object): void {
    this.#number++;
    this.irregular = false;
    this.#root.object = event as Record<string, unknown>;
    this.#root.openedIn = this.#number;
  }

  /** The leaf or leaves at a place; undefined when there is none. */
  at(place: Place): Scalar | Leaves | undefined {
    if (this.irregular) return this.#all.at(place.slot);
    const object = this.open(place.holder);
    if (object === undefined) return this.irregular ? this.#all.at(place.slot) : undefined;
    return this.leafOf(place, object[place.name]);
  }

  /** The same of a value already read there. */
  leafOf(place: Place, value: unknown): Scalar | Leaves | undefined {
    if (typeof value === 'string' || typeof value === 'number') return value;
    if (value === undefined) return undefined;
    if (typeof value === 'boolean' || value === null) return value;
    return Array.isArray(value) ? this.#leavesOf(place, value) : undefined;
  }

  /** The object of a holder, where the event has one and is regular. */
  open(holder: Holder): Record<string, unknown> | undefined {
    return holder.openedIn === this.#number ? holder.object : this.#open(holder);
  }

  isOwn(place: Place): boolean {
    if (this.irregular) return true;
    const object = this.#ownObject(place.holder);
    return object !== undefined && Object.hasOwn(object, place.name);
  }

  /** True when the place has a leaf from an object inside an array, where elements must agree. */
  isRepeated(place: Place): boolean {
    return this.irregular && this.#all.isRepeated(place.slot);
  }

  get repeats(): boolean {
    return this.irregular && this.#all.repeats;
  }

  get dotted(): boolean {
    return this.irregular && this.#all.dotted;
  }

  get event(): object {
    return this.#root.object!;
  }

  #open(holder: Holder): Record<string, unknown> | undefined {
    holder.openedIn = this.#number;
    holder.object = undefined;
    const above = holder.above!;
    const object = this.open(above);
    if (object === undefined) return undefined;
    if (above.searchedIn !== this.#number) {
      above.searchedIn = this.#number;
      if (hasDotted(above, object)) return this.#readAll();
    }
    const value = object[holder.node.name];
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value)) return this.#readAll();
    return (holder.object = value as Record<string, unknown>);
  }

  #leavesOf(place: Place, array: readonly unknown[]): Scalar | Leaves | undefined {
    if (!array.every(isScalar)) {
      this.#readAll();
      return this.#all.at(place.slot);
    }
    return array.length > 1 ? new Leaves(array as Scalar[]) : array[0];
  }

  #readAll(): undefined {
    this.irregular = true;
    this.#all.read(this.event);
  }

  #ownObject(holder: Holder): object | undefined {
    if (holder.above === undefined) return holder.object;
    const above = this.#ownObject(holder.above);
    return above !== undefined && Object.hasOwn(above, holder.node.name)
      ? holder.object
      : undefined;
  }

  #holderOf(segments: readonly string[]): Holder {
    let holder = this.#root;
    for (const segment of segments) {
      const node = holder.node.child(segment)!;
      let below = this.#holders.get(node);
      if (below === undefined) this.#holders.set(node, (below = holderOf(node, holder)));
      holder = below;
    }
    return holder;
  }
}

function holderOf(node: PathNode, above: Holder | undefined): Holder {
  return {
    node,
    above,
    object: undefined,
    openedIn: 0,
    searchedIn: 0,
    known: Array.from({ length: KNOWN_MAX }, () => ''),
  };
}

/** Whether a key of the object names, by a dot, a path that patterns use. */
function hasDotted({ node, known }: Holder, object: object): boolean {
  let at = 0;
  for (const key in object) {
    if (at >= KNOWN_MAX || key !== known[at]) {
      if (node.dotted(key) !== undefined) return true;
      if (at < KNOWN_MAX) known[at] = key;
    }
    at++;
  }
  return false;
}
