import type { Leaves } from './event-slot.ts';
import type { EventView, Place } from './event-view.ts';
import type { Scalar } from './matcher.ts';

/** Events kept; enough to tell what is met often from what is not. */
const ROWS_MAX = 256;
/** Of the events that pass, one in so many is kept: those of one producer often come together. */
const ONE_IN = 4;

/** Numbers of sampled events. */
export type Rows = readonly number[];

/** What a sample of the events matched lately had at the places that patterns use. */
export class Traffic {
  readonly #columns = new Map<Place, (Scalar | Leaves | undefined)[]>();
  #passed = 0;
  #rows = 0;

  get isFull(): boolean {
    return this.#rows === ROWS_MAX;
  }

  get rows(): Rows {
    return Array.from({ length: this.#rows }, (_, row) => row);
  }

  column(place: Place): readonly (Scalar | Leaves | undefined)[] {
    return this.#columns.get(place) ?? [];
  }

  /** Lets the event in view pass. Throws RangeError, keeping nothing, when its arrays are too deep to read. */
  pass(view: EventView): void {
    if (this.isFull || this.#passed++ % ONE_IN > 0) return;
    const places = [...view.places()];
    let leaves = places.map((place) => view.at(place));
    if (view.irregular) leaves = places.map((place) => view.at(place));
    for (const [at, place] of places.entries()) {
      let column = this.#columns.get(place);
      if (column === undefined) this.#columns.set(place, (column = []));
      column.push(leaves[at]);
    }
    this.#rows++;
  }
}
