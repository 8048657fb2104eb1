import { Entries } from './entries.ts';
import type { Candidates } from './entries.ts';

/** Bounds of numbers in order, the easiest to meet first. */
export class BoundList {
  readonly #byBound = new Map<number, Entries>();
  readonly by: 'least' | 'most';
  readonly #direction: 1 | -1;
  #sorted: readonly (readonly [bound: number, entries: Entries])[] | undefined;

  /** `least`: values meet the bounds at or below them; `most`: those at or above. */
  constructor(by: 'least' | 'most') {
    this.by = by;
    this.#direction = by === 'least' ? 1 : -1;
  }

  entriesOf(bound: number): Entries {
    const key = bound * this.#direction;
    let entries = this.#byBound.get(key);
    if (entries === undefined) this.#byBound.set(key, (entries = new Entries()));
    this.#sorted = undefined;
    return entries;
  }

  find(value: number, into: Candidates): void {
    this.#sorted ??= [...this.#byBound].sort(([a], [b]) => a - b);
    const key = value * this.#direction;
    for (const [bound, entries] of this.#sorted) {
      if (bound > key) return;
      into.take(entries);
    }
  }
}
