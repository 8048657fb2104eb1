/** Up to so many children are looked up one by one; beyond, the keys of the object are walked. */
const FEW = 6;
const DOT = 0x2e;

/** One segment of the paths that patterns use, and what may stand below it. */
export class PathNode {
  readonly name: string;
  /** Number of the path that ends here, or −1. */
  slot = -1;
  /** All children while they are few. */
  few: PathNode[] | undefined = [];
  /** Children that have children: only below them can a dotted key lead. */
  readonly parents: PathNode[] = [];
  readonly #children = new Map<string, PathNode>();

  constructor(name: string) {
    this.name = name;
  }

  get isParent(): boolean {
    return this.#children.size > 0;
  }

  /** Makes the path below this node that these segments name, where it is new, and returns its end. */
  extend(segments: readonly string[]): PathNode {
    let node: PathNode | undefined;
    for (const [at, segment] of segments.entries()) {
      const above: PathNode = node ?? this;
      node = above.#children.get(segment) ?? above.#add(segment);
      if (at < segments.length - 1 && !node.isParent) above.parents.push(node);
    }
    return node ?? this;
  }

  #add(segment: string): PathNode {
    const child = new PathNode(segment);
    this.#children.set(segment, child);
    if (this.few !== undefined && this.few.push(child) > FEW) this.few = undefined;
    return child;
  }

  child(key: string): PathNode | undefined {
    return this.#children.get(key);
  }

  /** The node a dotted key names; undefined for keys without a dot, and for most others at little cost. */
  dotted(key: string): PathNode | undefined {
    if (this.parents.length > FEW) return key.includes('.') ? this.#descend(key) : undefined;
    for (const { name } of this.parents)
      if (key.length > name.length && key.charCodeAt(name.length) === DOT && key.startsWith(name))
        return this.#descend(key);
    return undefined;
  }

  #descend(key: string): PathNode | undefined {
    const dot = key.indexOf('.');
    const child = this.#children.get(dot < 0 ? key : key.slice(0, dot));
    return dot < 0 ? child : child && child.#descend(key.slice(dot + 1));
  }
}
