/**
 * The one clock of a local instance. It runs with real time and can be moved forward, so that tests
 * live through hours; everything timed (delays, TTL, schedules, retries) waits on it.
 */
export class LocalClock {
  #offsetMs: number;
  readonly #waits = new Map<
    number,
    { at: number; run: () => void; timer: NodeJS.Timeout | undefined }
  >();
  #next = 1;

  constructor(offsetMs = 0) {
    this.#offsetMs = offsetMs;
  }

  /** Milliseconds since the epoch as this instance believes. */
  now(): number {
    return Date.now() + this.#offsetMs;
  }

  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Runs `run` once the clock has reached `at`; returns the way to cancel. */
  at(at: number, run: () => void): () => void {
    const id = this.#next++;
    const wait = { at, run, timer: undefined as NodeJS.Timeout | undefined };
    this.#waits.set(id, wait);
    this.#arm(id, wait);
    return () => {
      clearTimeout(wait.timer);
      this.#waits.delete(id);
    };
  }

  after(delayMs: number, run: () => void): () => void {
    return this.at(this.now() + delayMs, run);
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => void this.after(delayMs, resolve));
  }

  /** Moves the clock forward; everything that fell due runs, in order of its time. */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError(`a clock moves forward only, not by ${ms} ms`);
    this.#offsetMs += ms;
    const due = [...this.#waits].sort(([, a], [, b]) => a.at - b.at);
    for (const [id, wait] of due) {
      if (!this.#waits.has(id)) continue;
      clearTimeout(wait.timer);
      if (wait.at <= this.now()) this.#fire(id, wait);
      else this.#arm(id, wait);
    }
  }

  /** Forgets every wait, so that the process can end. */
  close(): void {
    for (const wait of this.#waits.values()) clearTimeout(wait.timer);
    this.#waits.clear();
  }

  #arm(id: number, wait: { at: number; run: () => void; timer: NodeJS.Timeout | undefined }): void {
    const delay = Math.min(Math.max(wait.at - this.now(), 0), 2 ** 31 - 1);
    wait.timer = setTimeout(() => {
      if (wait.at <= this.now()) this.#fire(id, wait);
      else this.#arm(id, wait);
    }, delay);
  }

  #fire(id: number, wait: { run: () => void }): void {
    if (this.#waits.delete(id)) wait.run();
  }
}
