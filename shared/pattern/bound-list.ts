import { Junction } from './junction.ts';
import type { Taker } from './junction.ts';

/** Bounds of numbers in order, the easiest to meet first. */
export class BoundList {
  readonly #byBound = new Map<number, Junction>();
  readonly by: 'least' | 'most';
  readonly #direction: 1 | -1;
  #bounds: Float64Array | undefined;
  #junctions: readonly Junction[] = [];

  /** `least`: values meet the bounds at or below them; `most`: those at or above. */
  constructor(by: 'least' | 'most') {
    this.by = by;
    this.#direction = by === 'least' ? 1 : -1;
  }

  junctionOf(bound: number): Junction {
    const key = bound * this.#direction;
    let junction = this.#byBound.get(key);
    if (junction === undefined) this.#byBound.set(key, (junction = new Junction()));
    this.#bounds = undefined;
    return junction;
  }

  find(value: number, into: Taker): void {
    const bounds = this.#bounds ?? this.#sort();
    const key = value * this.#direction;
    for (let at = 0; at < bounds.length && bounds[at]! <= key; at++)
      into.take(this.#junctions[at]!);
  }

  #sort(): Float64Array {
    const sorted = [...this.#byBound].sort(([a], [b]) => a - b);
    this.#junctions = sorted.map(([, junction]) => junction);
    return (this.#bounds = Float64Array.from(sorted, ([bound]) => bound));
  }
}
