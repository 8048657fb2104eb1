import type { Holder, Place } from './event-view.ts';
import type { Plan } from './plan.ts';
import type { SlotIndex } from './slot-index.ts';

/** Where plans are filed that need the same of an event: which to try, and what else to look up. */
export class Junction {
  plans: Plan[] = [];
  lookups: Lookup[] = [];
  crowds: Crowd[] = [];
  /** The search that came here last, so that one search comes once. */
  takenBy = 0;
}

export interface Lookup {
  readonly place: Place;
  readonly index: SlotIndex;
}

/** Keys of one object that are remembered. */
const KEYS_KEPT = 32;

/** Many lookups below one object, found by the keys it has. */
export class Crowd {
  readonly holder: Holder;
  readonly byKey: ReadonlyMap<string, Lookup>;
  /** Keys by their place in the object seen last, and what they led to: often the next has them too. */
  readonly #keys: string[] = Array.from({ length: KEYS_KEPT }, () => '');
  readonly #lookups: (Lookup | undefined)[] = Array.from({ length: KEYS_KEPT });

  constructor(holder: Holder, byKey: ReadonlyMap<string, Lookup>) {
    this.holder = holder;
    this.byKey = byKey;
    this.#lookups.fill(byKey.get(''));
  }

  /** The lookup of the key that stands at a place of the object. */
  at(place: number, key: string): Lookup | undefined {
    if (place >= KEYS_KEPT) return this.byKey.get(key);
    if (this.#keys[place] === key) return this.#lookups[place];
    this.#keys[place] = key;
    return (this.#lookups[place] = this.byKey.get(key));
  }
}

/** Takes the junctions that a leaf leads to. */
export interface Taker {
  take(junction: Junction): void;
}
