/** Numbers of the plans filed under one witness. */
export class Entries {
  readonly plans: number[] = [];
  /** The search that took them last, so that one search takes them once. */
  takenBy = 0;
}

/** The plans one event makes candidates, each once. */
export class Candidates {
  readonly #found: number[] = [];
  /** How many were found since the restart. */
  count = 0;
  readonly #takenBy: number[] = [];
  #search = 0;

  restart(): void {
    this.#search++;
    this.count = 0;
  }

  take(entries: Entries | undefined): void {
    if (entries === undefined || entries.takenBy === this.#search) return;
    entries.takenBy = this.#search;
    for (const plan of entries.plans) {
      if (this.#takenBy[plan] === this.#search) continue;
      this.#takenBy[plan] = this.#search;
      this.#found[this.count++] = plan;
    }
  }

  /** Makes room for one more plan. */
  grow(): void {
    this.#takenBy.push(0);
    this.#found.push(0);
  }

  /** The nth plan found, n < `count`. */
  at(n: number): number {
    return this.#found[n]!;
  }
}

/** The value of a key, made on first use. */
export function made<K, V>(map: Map<K, V>, key: K, make: (key: K) => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make(key)));
  return value;
}
