const CONNECTIONS_MAX = 10_000;

/**
 * Counts messages per connection and second. It is kept in the process, so several instances of the
 * function together may let more through; API Gateway's own throttle bounds that.
 */
export class RateLimit {
  readonly #perSecondMax: number;
  readonly #windows = new Map<string, { second: number; count: number }>();

  constructor(perSecondMax: number) {
    this.#perSecondMax = perSecondMax;
  }

  /** False when the connection has used up its second. */
  allows(connectionId: string, now: number): boolean {
    const second = Math.floor(now / 1000);
    const held = this.#windows.get(connectionId);
    if (held?.second === second) return ++held.count <= this.#perSecondMax;
    if (this.#windows.size >= CONNECTIONS_MAX) this.#windows.clear();
    this.#windows.set(connectionId, { second, count: 1 });
    return true;
  }

  forget(connectionId: string): void {
    this.#windows.delete(connectionId);
  }
}
