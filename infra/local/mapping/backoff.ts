import type { LocalClock } from '#infra/local/clock.ts';

const BASE_MS = 50;
const MAX_MS = 10_000;

/** Waits between failed attempts: 50, 100, 200, … 10,000 ms on the local clock; a stop ends them. */
export class Backoff {
  readonly #clock: LocalClock;
  readonly #signal: AbortSignal;
  #failures = 0;

  constructor(clock: LocalClock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
  }

  reset(): void {
    this.#failures = 0;
  }

  wait(): Promise<void> {
    const delayMs = Math.min(BASE_MS * 2 ** this.#failures, MAX_MS);
    this.#failures += 1;
    if (this.#signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        this.#signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = this.#clock.after(delayMs, done);
      this.#signal.addEventListener('abort', done, { once: true });
    });
  }
}
