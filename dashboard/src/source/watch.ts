import type { FeedFrame } from '#shared/live/schema.ts';

const SPAN_SECONDS = 60;
/** Ids kept so that a frame that comes twice is counted once. */
const IDS_MAX = 4_000;

/** What came of one source since the watching began. */
export interface SourceAccount {
  /** Arrival of the last event, ms. */
  lastAt: number;
  /** Events of the last 60 s that were seen. */
  lastMinute: number;
  /** The feed left some events out within that minute, so there may be more. */
  isAtLeast: boolean;
}

interface Second {
  bySource: Map<string, number>;
  isSampled: boolean;
}

/** Counts the events of each source as the feed shows them. */
export class SourceWatch {
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();
  readonly #seconds = new Map<number, Second>();
  readonly #lastAt = new Map<string, number>();
  #known = new Set<string>();
  #revision = 0;
  #isFollowing = false;

  /** `now` in ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  /** Another number after every frame. */
  readonly revision = (): number => this.#revision;

  /** False until the server has taken us among those it tells. */
  readonly isFollowing = (): boolean => this.#isFollowing;

  /** The server tells us of events from now on. */
  follow(): void {
    this.#isFollowing = true;
    for (const listener of this.#listeners) listener();
  }

  take(frame: FeedFrame): void {
    const now = this.#now();
    const at = Math.floor(now / 1_000);
    const second = this.#seconds.get(at) ?? { bySource: new Map(), isSampled: false };
    for (const { event_id, source } of frame.events) {
      if (this.#known.has(event_id)) continue;
      this.#known.add(event_id);
      second.bySource.set(source, (second.bySource.get(source) ?? 0) + 1);
      this.#lastAt.set(source, now);
    }
    second.isSampled ||= frame.dropped > 0;
    this.#seconds.set(at, second);
    if (this.#known.size > IDS_MAX) this.#known = new Set([...this.#known].slice(-IDS_MAX / 2));
    for (const old of this.#seconds.keys()) if (old <= at - SPAN_SECONDS) this.#seconds.delete(old);
    this.#revision++;
    for (const listener of this.#listeners) listener();
  }

  /** What came of a source; undefined before its first event. */
  of(source: string): SourceAccount | undefined {
    const lastAt = this.#lastAt.get(source);
    if (lastAt === undefined) return undefined;
    const oldest = Math.floor(this.#now() / 1_000) - SPAN_SECONDS;
    const recent = [...this.#seconds].filter(([at]) => at > oldest).map(([, second]) => second);
    return {
      lastAt,
      lastMinute: recent.reduce((sum, { bySource }) => sum + (bySource.get(source) ?? 0), 0),
      isAtLeast: recent.some(({ isSampled }) => isSampled),
    };
  }
}
