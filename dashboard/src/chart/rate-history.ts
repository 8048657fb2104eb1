/** What the chart of rates holds at most: 10,000 s are 2 h 46 min. */
export const POINTS_MAX = 10_000;
/** How many points go at once when there are too many. */
const CUT = 500;

/** Columns of equal length; null where nobody counted. */
export interface RateColumns {
  /** Seconds since the epoch, ascending. */
  at: number[];
  events: (number | null)[];
  matches: (number | null)[];
}

/** Events and matches of each second that was watched, the last 10,000. */
export class RateHistory {
  #at: number[] = [];
  #events: (number | null)[] = [];
  #matches: (number | null)[] = [];
  #columns: RateColumns | undefined;

  /** Adds a second; one that is not after the last is left out. */
  add(second: number, events: number | null, matches: number | null): void {
    const last = this.#at.at(-1);
    if (last !== undefined && second <= last) return;
    // Seconds nobody watched are a hole in the line, not a straight one across.
    if (last !== undefined && second > last + 1 && events !== null && this.#events.at(-1) !== null)
      this.#push(last + 1, null, null);
    this.#push(second, events, matches);
    if (this.#at.length > POINTS_MAX)
      for (const column of [this.#at, this.#events, this.#matches]) column.splice(0, CUT);
    this.#columns = undefined;
  }

  /** The same object until something is added. */
  columns(): RateColumns {
    return (this.#columns ??= {
      at: this.#at.slice(),
      events: this.#events.slice(),
      matches: this.#matches.slice(),
    });
  }

  #push(second: number, events: number | null, matches: number | null): void {
    this.#at.push(second);
    this.#events.push(events);
    this.#matches.push(matches);
  }
}
