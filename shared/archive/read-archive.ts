import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

import type { StreamRecord } from '#shared/detection/read-records.ts';
import { compareSequence } from '#shared/event/sequence.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { EventArchive } from '#shared/ports/event-archive.ts';

import { hourPrefix, readArchiveKey } from './archive-key.ts';

export const HOUR_MS = 3_600_000;
/** A batch of the archive function holds 6 MB of records; more than ten times that is not ours. */
const OBJECT_BYTES_MAX = 64 * 1024 * 1024;
/** Records of one batch and their bytes, so that it takes a fraction of a second; and how far their arrivals may lie apart, because it is replayed at one time. */
const BATCH_RECORDS_MAX = 500;
const BATCH_BYTES_MAX = 256 * 1024;
const BATCH_SPAN_MS = 1_000;
/** Hours listed at once while objects are counted. */
const LISTINGS_AT_ONCE = 8;

const inflate = promisify(gunzip);

/** Which records: a tenant's, by arrival, ms since the epoch, `to` not included. */
export interface ArchiveSpan {
  tenant: string;
  from: number;
  to: number;
}

/** What is told while objects are read; a faulty object gives what could be read of it, if anything. */
export interface ArchiveListener {
  read(): void;
  faulty(key: string, reason: string): void;
}

/** How many objects hold the hours of a span; `each` runs after every page of their list. Throws `unavailable`. */
export async function countObjects(
  archive: EventArchive,
  span: ArchiveSpan,
  each: () => Promise<void>,
): Promise<number> {
  const hours = [...hoursOf(span)];
  let total = 0;
  let next = 0;
  const lane = async () => {
    while (next < hours.length)
      for await (const keys of archive.list(hourPrefix(span.tenant, hours[next++]!))) {
        total += keys.length;
        await each();
      }
  };
  await Promise.all(Array.from({ length: LISTINGS_AT_ONCE }, lane));
  return total;
}

/**
 * The records of a span as they came: each shard in its own order, the shards merged by arrival, each
 * record once though a retry archived it twice. Batches span at most a second and never two hours, and
 * every hour ends with one, be it empty; memory holds two objects per shard. Throws `unavailable`.
 */
export async function* readArchive(
  archive: EventArchive,
  span: ArchiveSpan,
  listener: ArchiveListener,
): AsyncGenerator<StreamRecord[], undefined> {
  for (const hour of hoursOf(span)) {
    const shards = await shardsOf(archive, span, hour, listener);
    await Promise.all(shards.map((shard) => shard.refill()));
    let batch: StreamRecord[] = [];
    let bytes = 0;
    for (;;) {
      let first: ShardReader | undefined;
      for (const shard of shards)
        if (shard.head && (!first || shard.head.arrived_at_ms < first.head!.arrived_at_ms))
          first = shard;
      if (!first) break;
      const record = first.head!;
      if (
        batch.length === BATCH_RECORDS_MAX ||
        bytes >= BATCH_BYTES_MAX ||
        (batch.length > 0 && record.arrived_at_ms - batch[0]!.arrived_at_ms > BATCH_SPAN_MS)
      ) {
        yield batch;
        batch = [];
        bytes = 0;
      }
      batch.push(record);
      bytes += record.bytes.length;
      if (!first.advance()) await first.refill();
    }
    yield batch;
  }
  return undefined;
}

function* hoursOf({ from, to }: ArchiveSpan): Generator<number> {
  for (let hour = Math.floor(from / HOUR_MS) * HOUR_MS; hour < to; hour += HOUR_MS) yield hour;
}

async function shardsOf(
  archive: EventArchive,
  span: ArchiveSpan,
  hour: number,
  listener: ArchiveListener,
): Promise<ShardReader[]> {
  const objects = new Map<string, { key: string; first: string }[]>();
  for await (const keys of archive.list(hourPrefix(span.tenant, hour)))
    for (const key of keys) {
      const name = readArchiveKey(key);
      if (!name) {
        listener.faulty(key, 'not named as the archive names its objects');
        continue;
      }
      const own = objects.get(name.shard);
      if (own) own.push({ key, first: name.first });
      else objects.set(name.shard, [{ key, first: name.first }]);
    }
  return [...objects].map(([, own]) => {
    const keys = own
      .sort((a, b) => compareSequence(a.first, b.first) || (a.key < b.key ? -1 : 1))
      .map(({ key }) => key);
    return new ShardReader(keys, (key) => readObject(archive, key, span, listener));
  });
}

/** The records of one shard in one hour, an object at a time, the next one on its way. */
class ShardReader {
  readonly #keys: string[];
  readonly #read: (key: string) => Promise<StreamRecord[]>;
  #next: Promise<StreamRecord[]> | undefined;
  #records: StreamRecord[] = [];
  #at = 0;
  #last: string | undefined;

  constructor(keys: string[], read: (key: string) => Promise<StreamRecord[]>) {
    this.#keys = keys;
    this.#read = read;
  }

  get head(): StreamRecord | undefined {
    return this.#records[this.#at];
  }

  /** Steps to the next record in hand; false when there is none. */
  advance(): boolean {
    this.#last = this.#records[this.#at]!.sequence;
    this.#at++;
    return this.#at < this.#records.length;
  }

  /** Takes the next object that holds anything new, while there is one. */
  async refill(): Promise<void> {
    while (this.head === undefined) {
      this.#next ??= this.#start();
      if (!this.#next) return;
      const records = await this.#next;
      this.#next = this.#start();
      const last = this.#last;
      this.#at = 0;
      this.#records = records.filter(
        ({ sequence }) => last === undefined || compareSequence(sequence, last) > 0,
      );
    }
  }

  #start(): Promise<StreamRecord[]> | undefined {
    const key = this.#keys.shift();
    const reading = key === undefined ? undefined : this.#read(key);
    // It is awaited when its turn comes; until then nobody else minds that it failed.
    reading?.catch(() => undefined);
    return reading;
  }
}

async function readObject(
  archive: EventArchive,
  key: string,
  span: ArchiveSpan,
  listener: ArchiveListener,
): Promise<StreamRecord[]> {
  let text: string;
  try {
    const bytes = await archive.get(key);
    text = (await inflate(bytes, { maxOutputLength: OBJECT_BYTES_MAX })).toString('utf8');
  } catch (error) {
    if (error instanceof SentryError && error.code !== 'not_found') throw error;
    listener.faulty(key, (error as Error).message);
    return [];
  } finally {
    listener.read();
  }
  const records: StreamRecord[] = [];
  let bad = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const record = readLine(line);
    if (!record) bad++;
    else if (record.arrived_at_ms >= span.from && record.arrived_at_ms < span.to)
      records.push(record);
  }
  if (bad > 0) listener.faulty(key, `${bad} lines are not records`);
  return records.sort((a, b) => compareSequence(a.sequence, b.sequence));
}

/** By hand: every archived record passes here. The tenant was proven when it was archived, so its key is not needed again. */
function readLine(line: string): StreamRecord | undefined {
  try {
    const { shard, sequence, arrived_at, data } = JSON.parse(line) as Record<string, unknown>;
    const arrived_at_ms = typeof arrived_at === 'string' ? Date.parse(arrived_at) : NaN;
    if (typeof shard !== 'string' || typeof sequence !== 'string' || typeof data !== 'string')
      return undefined;
    if (shard === '' || !/^\d+$/.test(sequence) || Number.isNaN(arrived_at_ms)) return undefined;
    const bytes = Buffer.from(data, 'base64');
    return { shard, sequence, partition_key: '', arrived_at_ms, bytes };
  } catch {
    return undefined;
  }
}
