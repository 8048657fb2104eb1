/**
 * Lets a caller through at once after a quiet time; else all who come within an interval go together
 * at its end, so that nobody waits longer than one interval however many wait.
 */
export class Pace {
  readonly #intervalMs: number;
  readonly #now: () => number;
  readonly #sleep: (ms: number) => Promise<void>;
  #next = 0;
  #wave: Promise<void> | undefined;

  /** `now` in milliseconds on a clock that only runs forward. */
  constructor(intervalMs: number, now: () => number, sleep: (ms: number) => Promise<void>) {
    this.#intervalMs = intervalMs;
    this.#now = now;
    this.#sleep = sleep;
  }

  async wait(): Promise<void> {
    const delayMs = this.#next - this.#now();
    if (delayMs <= 0 && !this.#wave) {
      this.#next = this.#now() + this.#intervalMs;
      return;
    }
    this.#wave ??= this.#sleep(delayMs).then(() => {
      this.#next = this.#now() + this.#intervalMs;
      this.#wave = undefined;
    });
    await this.#wave;
  }
}
