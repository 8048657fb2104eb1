import type { FeedEvent, FeedFrame } from '#shared/live/schema.ts';

import { RateHistory } from '#dashboard/chart/rate-history.ts';

export const LOG_MAX = 2_000;
const SPAN_SECONDS = 60;
const RATE_SECONDS = 10;

export interface ServiceRate {
  service: string;
  perSecond: number;
  errorsPerSecond: number;
  /** Events of each of the last 60 s, oldest first. */
  seconds: readonly number[];
}

/** What the feed shows; a new object per frame or second. */
export interface FeedView {
  /** Newest first, at most 2,000. */
  events: readonly FeedEvent[];
  /** Events per second over the last 10 s. */
  rate: number;
  /** Matches per second over the last 10 s. */
  matchRate: number;
  /** Events that were counted but not shown since the watching began. */
  dropped: number;
  total: number;
  /** Events of each of the last 60 s, oldest first. */
  seconds: readonly number[];
  /** Busiest first. */
  services: readonly ServiceRate[];
  /** False until the server has taken us among those it tells. */
  isFollowed: boolean;
}

interface Second {
  total: number;
  matches: number;
  services: Map<string, ServiceCount>;
}

interface ServiceCount {
  total: number;
  errors: number;
}

/** The last events of the stream and its rates; lossy, as its topic is. */
export class FeedStore {
  /** Events and matches of every second that was watched. */
  readonly history = new RateHistory();
  readonly #listeners = new Set<() => void>();
  readonly #seconds = new Map<number, Second>();
  readonly #now: () => number;
  #events: readonly FeedEvent[] = [];
  #dropped = 0;
  #total = 0;
  #view: FeedView | undefined;
  #isFollowed = false;
  /** The second in which the watching began, or began again. */
  #since: number;
  /** The last second that is in the history. */
  #told: number;

  /** `now` in ms. */
  constructor(now: () => number) {
    this.#now = now;
    this.#since = Math.floor(now() / 1000);
    this.#told = this.#since;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Begins again after a pause: what was not watched is not counted as nothing. */
  resume(): void {
    this.#since = Math.floor(this.#now() / 1000);
    this.#told = this.#since;
    this.#seconds.clear();
    this.#view = undefined;
  }

  /** The server tells us of events from now on, or no more. */
  follow(isFollowed: boolean): void {
    this.#isFollowed = isFollowed;
    this.#tell();
  }

  /** Takes what the stream just carried. */
  take(frame: FeedFrame): void {
    const second = Math.floor(this.#now() / 1000);
    const held = this.#seconds.get(second) ?? { total: 0, matches: 0, services: new Map() };
    held.total += frame.total;
    held.matches += frame.matches ?? 0;
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
    this.#tell();
  }

  /** Once a second: lets rates fall when nothing comes. Seconds that are not watched make a hole. */
  tick(isWatched = true): void {
    const current = Math.floor(this.#now() / 1000);
    if (!isWatched) this.resume();
    for (
      let second = Math.max(this.#told + 1, current - SPAN_SECONDS);
      second < current;
      second++
    ) {
      const { total = 0, matches = 0 } = this.#seconds.get(second) ?? {};
      this.history.add(second, total, matches);
    }
    this.#told = Math.max(this.#told, current - 1);
    this.#tell();
  }

  readonly view = (): FeedView => (this.#view ??= this.#make());

  #tell(): void {
    this.#view = undefined;
    for (const listener of this.#listeners) listener();
  }

  #make(): FeedView {
    const current = Math.floor(this.#now() / 1000);
    const oldest = current - SPAN_SECONDS + 1;
    const span = Math.min(RATE_SECONDS, Math.max(1, current - this.#since));
    const seconds = Array.from({ length: SPAN_SECONDS }, () => 0);
    const services = new Map<string, ServiceCount & { seconds: number[] }>();
    const recent = { events: 0, matches: 0 };
    for (const [second, counts] of this.#seconds) {
      const index = second - oldest;
      if (index < 0) continue;
      seconds[index] = counts.total;
      const isRecent = second > current - RATE_SECONDS;
      if (isRecent) {
        recent.events += counts.total;
        recent.matches += counts.matches;
      }
      for (const [name, { total, errors }] of counts.services) {
        let sum = services.get(name);
        if (!sum) services.set(name, (sum = { total: 0, errors: 0, seconds: [...EMPTY] }));
        sum.seconds[index] = total;
        if (!isRecent) continue;
        sum.total += total;
        sum.errors += errors;
      }
    }
    return {
      events: this.#events,
      isFollowed: this.#isFollowed,
      rate: recent.events / span,
      matchRate: recent.matches / span,
      dropped: this.#dropped,
      total: this.#total,
      seconds,
      services: [...services]
        .map(([service, sum]) => ({
          service,
          perSecond: sum.total / span,
          errorsPerSecond: sum.errors / span,
          seconds: sum.seconds,
        }))
        .sort((a, b) => b.perSecond - a.perSecond || (a.service < b.service ? -1 : 1)),
    };
  }
}

const EMPTY: readonly number[] = Array.from({ length: SPAN_SECONDS }, () => 0);
