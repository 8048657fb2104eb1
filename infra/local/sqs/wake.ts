import type { LocalClock } from '#infra/local/clock.ts';

/** Who waits for a message in which queue. */
export class Waiters {
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #clock: LocalClock;

  constructor(clock: LocalClock) {
    this.#clock = clock;
  }

  /** Ends every wait on the queue; called after a message was sent to it or made visible. */
  wake(queue: string): void {
    for (const run of this.#waiting.get(queue) ?? []) run();
  }

  /** Resolves at a wake, at `until` on the local clock, or when the signal aborts. */
  wait(queue: string, until: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(queue) ?? new Set();
      this.#waiting.set(queue, waiting);
      const done = (): void => {
        cancel();
        waiting.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const cancel = this.#clock.at(until, done);
      waiting.add(done);
      signal?.addEventListener('abort', done);
    });
  }
}
