import { HOUR_MS, readArchive } from '#shared/archive/read-archive.ts';
import { decodeRecord } from '#shared/event/decode.ts';
import type { Accepted } from '#shared/event/normalise.ts';
import type { Clock } from '#shared/kernel/context.ts';
import type { EventArchive } from '#shared/ports/event-archive.ts';

import { namesEvent } from './names-event.ts';
import type { ArchiveSearch } from './schema.ts';

/** Bounds of one search: an answer is waited for, and the function that gives it ends after 29 s. */
const EVENTS_MAX = 400_000;
const SEARCH_MS = 10_000;
/** Events kept of an hour: what memory has room for. */
const KEPT_MAX = 20_000;
/** Object keys named in the answer. */
const KEYS_SHOWN = 20;

/** An event as it arrived. */
export interface Arrived extends Accepted {
  /** ms since the epoch. */
  arrived_at: number;
}

/** What the archive holds of one event id. */
export interface Found {
  event?: Arrived;
  /** A record that named the id and could not be read, with the reason. */
  refused?: { arrived_at: number; reason: string; detail: string };
  search: ArchiveSearch;
}

/**
 * Looks for an event in the archived hours around its arrival (`at`, ms): the hour of it first, then
 * the others within an hour. Bounded in events and time; `search.complete` says whether a bound was
 * met. Throws `unavailable`.
 */
export async function findEvent(
  archive: EventArchive,
  clock: Clock,
  wanted: { tenant: string; event_id: string; at: number },
): Promise<Found> {
  const reader = new ArchiveReader(archive, clock, wanted.tenant, wanted.at);
  let refused: Found['refused'];
  for (const span of reader.spans())
    for await (const { events, rejects, arrived_at } of reader.records(span)) {
      const event = events.find((one) => one.event.event_id === wanted.event_id);
      if (event) return { event: { ...event, arrived_at }, search: reader.search() };
      const reject = rejects.find(({ raw }) => namesEvent(raw, wanted.event_id));
      if (reject) refused ??= { arrived_at, reason: reject.reason, detail: reject.detail };
    }
  return { ...(refused && { refused }), search: reader.search() };
}

/**
 * The events that arrived in the hour up to and with one, those that `keep` selects, as far as the bounds
 * allow. Throws `unavailable`.
 */
export async function eventsBefore(
  archive: EventArchive,
  clock: Clock,
  last: Arrived & { tenant: string },
  keep: (event: Arrived['event']) => boolean,
): Promise<{ events: Arrived[]; complete: boolean }> {
  const { tenant, arrived_at: until, event: wanted } = last;
  const reader = new ArchiveReader(archive, clock, tenant, until);
  const kept: Arrived[] = [];
  for await (const { events, arrived_at } of reader.records({
    from: until - HOUR_MS,
    to: until + 1,
  }))
    for (const one of events) {
      if (keep(one.event)) kept.push({ ...one, arrived_at });
      const isLast = one.event.event_id === wanted.event_id && arrived_at === until;
      if (isLast) return { events: kept, complete: true };
      if (kept.length === KEPT_MAX) return { events: kept, complete: false };
    }
  return { events: kept, complete: reader.search().complete };
}

interface Span {
  from: number;
  to: number;
}

/** Reads records within bounds and remembers what it read. */
class ArchiveReader {
  readonly #archive: EventArchive;
  readonly #clock: Clock;
  readonly #tenant: string;
  readonly #at: number;
  readonly #until: number;
  readonly #read: string[] = [];
  readonly #faulty: string[] = [];
  #events = 0;
  #isComplete = true;

  constructor(archive: EventArchive, clock: Clock, tenant: string, at: number) {
    this.#clock = clock;
    this.#tenant = tenant;
    this.#at = at;
    this.#until = clock.now() + SEARCH_MS;
    this.#archive = {
      put: (key, bytes) => archive.put(key, bytes),
      list: (prefix) => archive.list(prefix),
      get: (key) => {
        this.#read.push(key);
        return archive.get(key);
      },
    };
  }

  /** The hour of the arrival, then what is left of the hours before and after it. */
  spans(): Span[] {
    const hour = Math.floor(this.#at / HOUR_MS) * HOUR_MS;
    return [
      { from: hour, to: hour + HOUR_MS },
      { from: this.#at - HOUR_MS, to: hour },
      { from: hour + HOUR_MS, to: this.#at + HOUR_MS },
    ];
  }

  async *records(span: Span) {
    const listener = {
      read: () => undefined,
      faulty: (key: string, reason: string) => void this.#faulty.push(`${key}: ${reason}`),
    };
    if (span.from >= span.to || !this.#isComplete) return;
    const batches = readArchive(this.#archive, { tenant: this.#tenant, ...span }, listener);
    for await (const batch of batches) {
      if (this.#events >= EVENTS_MAX || this.#clock.now() > this.#until) {
        this.#isComplete = false;
        return;
      }
      for (const { bytes, arrived_at_ms: arrived_at } of batch) {
        const decoded = decodeRecord(bytes, { tenant: this.#tenant, arrived_at_ms: arrived_at });
        this.#events += decoded.events.length + decoded.rejects.length;
        yield { ...decoded, arrived_at };
      }
    }
  }

  search(): ArchiveSearch {
    return {
      from: new Date(this.#at - HOUR_MS).toISOString(),
      to: new Date(this.#at + HOUR_MS).toISOString(),
      objects: this.#read.length,
      events: this.#events,
      read: this.#read.slice(0, KEYS_SHOWN),
      faulty: this.#faulty.slice(0, KEYS_SHOWN),
      complete: this.#isComplete,
    };
  }
}
