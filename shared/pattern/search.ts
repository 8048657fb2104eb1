import type { EventView } from './event-view.ts';
import type { Crowd, Junction, Lookup, Taker } from './junction.ts';
import { planHolds } from './plan.ts';

/** One walk from the root junction over all that an event leads to, trying the plans on the way. */
export class Search implements Taker {
  readonly #view: EventView;
  root: Junction;
  readonly #hits: number[] = [];
  #number = 0;

  constructor(view: EventView, root: Junction) {
    this.#view = view;
    this.root = root;
  }

  /** Ordinals of the plans that hold, ascending and each once; valid until the next call. */
  run(event: object): readonly number[] {
    const [view, hits] = [this.#view, this.#hits];
    view.show(event);
    this.#walk();
    // What was found before the event proved irregular may be wrong both ways.
    if (view.irregular) this.#walk();
    if (hits.length < 2) return hits;
    hits.sort((a, b) => a - b);
    return hits.filter((ordinal, at) => ordinal !== hits[at - 1]);
  }

  #walk(): void {
    this.#number++;
    if (this.#hits.length > 0) this.#hits.length = 0;
    this.take(this.root);
  }

  take(junction: Junction): void {
    if (junction.takenBy === this.#number) return;
    junction.takenBy = this.#number;
    // By index: arrays here differ in kind of elements, and iterators over those are slow.
    const { plans, lookups, crowds } = junction;
    for (let n = 0; n < plans.length; n++) {
      const plan = plans[n]!;
      if (planHolds(plan, this.#view)) this.#hits.push(plan.ordinal);
    }
    for (let n = 0; n < lookups.length; n++) {
      const lookup = lookups[n]!;
      this.#look(lookup, this.#view.at(lookup.place));
    }
    for (let n = 0; n < crowds.length; n++) this.#lookInto(crowds[n]!);
  }

  #lookInto(crowd: Crowd): void {
    const view = this.#view;
    const object = view.open(crowd.holder);
    let at = 0;
    if (object !== undefined)
      for (const key in object) {
        const lookup = crowd.at(at++, key);
        if (lookup !== undefined) this.#look(lookup, view.leafOf(lookup.place, object[key]));
      }
    if (view.irregular)
      for (const lookup of crowd.byKey.values()) this.#look(lookup, view.at(lookup.place));
  }

  #look({ index }: Lookup, value: ReturnType<EventView['at']>): void {
    if (value === undefined) return;
    if (typeof value === 'object' && value !== null)
      for (const leaf of value.all) index.find(leaf, this);
    else index.find(value, this);
  }
}
