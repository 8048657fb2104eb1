/** Lets a caller through at once after a quiet time, and otherwise once per interval. */
export class Pace {
  readonly #intervalMs: number;
  readonly #now: () => number;
  readonly #sleep: (ms: number) => Promise<void>;
  #next = 0;

  /** `now` in milliseconds on a clock that only runs forward. */
  constructor(intervalMs: number, now: () => number, sleep: (ms: number) => Promise<void>) {
    this.#intervalMs = intervalMs;
    this.#now = now;
    this.#sleep = sleep;
  }

  async wait(): Promise<void> {
    const at = Math.max(this.#now(), this.#next);
    this.#next = at + this.#intervalMs;
    const delayMs = at - this.#now();
    if (delayMs > 0) await this.#sleep(delayMs);
  }
}
