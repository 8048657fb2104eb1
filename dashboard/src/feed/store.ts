import type { FeedEvent, FeedFrame } from '#shared/live/schema.ts';

export const LOG_MAX = 500;
const SPAN_SECONDS = 60;
const RATE_SECONDS = 10;

export interface ServiceRate {
  service: string;
  perSecond: number;
  errorsPerSecond: number;
}

/** What the feed page shows; a new object per frame or second. */
export interface FeedView {
  /** Newest first, at most 500. */
  events: readonly FeedEvent[];
  /** Events per second over the last 10 s. */
  rate: number;
  /** Events that were counted but not shown since the page opened. */
  dropped: number;
  total: number;
  /** Events of each of the last 60 s, oldest first. */
  seconds: readonly number[];
  /** Busiest first. */
  services: readonly ServiceRate[];
}

/** The last events of the stream and its rates; lossy, as its topic is. */
export class FeedStore {
  readonly #listeners = new Set<() => void>();
  readonly #seconds = new Map<number, { total: number; services: Map<string, ServiceCount> }>();
  readonly #now: () => number;
  #events: readonly FeedEvent[] = [];
  #dropped = 0;
  #total = 0;
  #view: FeedView | undefined;
  /** The second in which the watching began. */
  readonly #since: number;

  /** `now` in ms. */
  constructor(now: () => number) {
    this.#now = now;
    this.#since = Math.floor(now() / 1000);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Takes what the stream just carried. */
  take(frame: FeedFrame): void {
    const second = Math.floor(this.#now() / 1000);
    const held = this.#seconds.get(second) ?? { total: 0, services: new Map() };
    held.total += frame.total;
    for (const [name, counts] of Object.entries(frame.per_service)) {
      const sum = held.services.get(name) ?? { total: 0, errors: 0 };
      held.services.set(name, {
        total: sum.total + counts.total,
        errors: sum.errors + counts.errors,
      });
    }
    this.#seconds.set(second, held);
    for (const old of this.#seconds.keys())
      if (old <= second - SPAN_SECONDS) this.#seconds.delete(old);
    // A batch that came twice is counted twice at worst, yet listed once.
    const known = new Set(this.#events.map(({ event_id }) => event_id));
    const news = frame.events.filter(({ event_id }) => !known.has(event_id)).toReversed();
    this.#events = [...news, ...this.#events].slice(0, LOG_MAX);
    this.#dropped += frame.dropped;
    this.#total += frame.total;
    this.tick();
  }

  /** Lets rates fall when nothing comes. */
  tick(): void {
    this.#view = undefined;
    for (const listener of this.#listeners) listener();
  }

  readonly view = (): FeedView => (this.#view ??= this.#make());

  #make(): FeedView {
    const current = Math.floor(this.#now() / 1000);
    const seconds = Array.from(
      { length: SPAN_SECONDS },
      (_, index) => this.#seconds.get(current - SPAN_SECONDS + 1 + index)?.total ?? 0,
    );
    const span = Math.min(RATE_SECONDS, Math.max(1, current - this.#since));
    const sums = new Map<string, ServiceCount>();
    let recent = 0;
    for (const [second, counts] of this.#seconds) {
      if (second <= current - RATE_SECONDS) continue;
      recent += counts.total;
      for (const [name, { total, errors }] of counts.services) {
        const sum = sums.get(name) ?? { total: 0, errors: 0 };
        sums.set(name, { total: sum.total + total, errors: sum.errors + errors });
      }
    }
    const services = [...sums].map(([service, { total, errors }]) => ({
      service,
      perSecond: total / span,
      errorsPerSecond: errors / span,
    }));
    services.sort((a, b) => b.perSecond - a.perSecond || (a.service < b.service ? -1 : 1));
    return {
      events: this.#events,
      rate: recent / span,
      dropped: this.#dropped,
      total: this.#total,
      seconds,
      services,
    };
  }
}

interface ServiceCount {
  total: number;
  errors: number;
}
