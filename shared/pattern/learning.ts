import type { EventView } from './event-view.ts';
import type { Junction } from './junction.ts';
import type { Plan } from './plan.ts';
import type { Search } from './search.ts';
import { Traffic } from './traffic.ts';
import { fileAll } from './witness-index.ts';

/** The plans are filed anew when so many times as many events have passed as when they were filed last. */
const AGAIN_AFTER_TIMES = 16;
/** Steps of the build with one event: together a fraction of a millisecond. */
const STEPS_PER_EVENT = 4;

/**
 * Files the plans anew by what the events matched so far were like: a sample is taken as they pass,
 * and the new index is built a small step with each of the next, so that no event waits for it.
 */
export class Learning {
  readonly #plans: readonly Plan[];
  readonly #view: EventView;
  readonly #search: Search;
  #traffic: Traffic | undefined = new Traffic();
  #build: Generator<void, Junction> | undefined;
  #pause = 0;
  #steps = 0;

  constructor(plans: readonly Plan[], view: EventView, search: Search) {
    this.#plans = plans;
    this.#view = view;
    this.#search = search;
  }

  /** After each event, while it is in view. */
  step(): void {
    if (this.#pause > 0) this.#pause--;
    else this.#learn();
  }

  #learn(): void {
    this.#steps++;
    this.#traffic ??= new Traffic();
    if (!this.#traffic.isFull) {
      try {
        this.#traffic.pass(this.#view);
      } catch (error) {
        // Arrays too deep where no pattern had to look: the event is answered, and no example of traffic.
        if (!(error instanceof RangeError)) throw error;
      }
      return;
    }
    this.#build ??= fileAll(this.#plans, this.#traffic);
    for (let step = 0; step < STEPS_PER_EVENT; step++) {
      const { done, value } = this.#build.next();
      if (done !== true) continue;
      this.#search.root = value;
      this.#build = this.#traffic = undefined;
      this.#pause = this.#steps *= AGAIN_AFTER_TIMES;
      return;
    }
  }
}

/** The build all at once. */
export function finish(build: Generator<void, Junction>): Junction {
  for (;;) {
    const { done, value } = build.next();
    if (done === true) return value;
  }
}
