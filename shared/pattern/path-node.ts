/** A key under which the value of a path may stand in an object. */
export interface Spelling {
  key: string;
  node: PathNode;
  dotted: boolean;
}

/** Up to so many spellings are looked up one by one; beyond, the keys of the object are walked. */
const SPELLINGS_MAX = 6;
/** Keys without a path that a node remembers, so that strangers cost one look-up. */
const STRANGERS_MAX = 1_024;

/** One segment of the paths that patterns use, and what may stand below it. */
export class PathNode {
  readonly name: string;
  /** Number of the path that ends here, or −1. */
  slot = -1;
  isParent = false;
  readonly #children = new Map<string, PathNode>();
  /** The children and, as null, keys met that lead nowhere. */
  readonly #known = new Map<string, PathNode | null>();
  #few: readonly Spelling[] | undefined;
  #counted = false;

  constructor(name: string) {
    this.name = name;
  }

  /** The node of a segment below, made on first use. Paths are added before the first event is read. */
  child(segment: string): PathNode {
    let child = this.#children.get(segment);
    if (child === undefined) {
      child = new PathNode(segment);
      this.#children.set(segment, child);
      this.#known.set(segment, child);
      this.isParent = true;
    }
    return child;
  }

  /** All spellings of all paths below, dotted ones included, where they are few. */
  spellings(): readonly Spelling[] | undefined {
    if (!this.#counted) {
      const all: Spelling[] = [];
      this.#collect('', all);
      this.#few = all.length <= SPELLINGS_MAX ? all : undefined;
      this.#counted = true;
    }
    return this.#few;
  }

  #collect(prefix: string, into: Spelling[]): void {
    for (const [segment, node] of this.#children) {
      if (into.length > SPELLINGS_MAX) return;
      const key = prefix + segment;
      into.push({ key, node, dotted: prefix !== '' });
      node.#collect(`${key}.`, into);
    }
  }

  /** The node a key of an object names, which may be a dotted one. */
  named(key: string): PathNode | undefined {
    const known = this.#known.get(key);
    if (known !== undefined) return known ?? undefined;
    if (key.includes('.')) return this.#descend(key);
    if (this.#known.size < this.#children.size + STRANGERS_MAX) this.#known.set(key, null);
    return undefined;
  }

  #descend(key: string): PathNode | undefined {
    const dot = key.indexOf('.');
    if (dot < 0) return this.#children.get(key);
    const child = this.#children.get(key.slice(0, dot));
    return child && child.#descend(key.slice(dot + 1));
  }
}
