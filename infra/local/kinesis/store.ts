import type { DatabaseSync } from 'node:sqlite';

import { localArn } from '#infra/local/service.ts';
import { openDatabase, transact } from '#infra/local/wire/database.ts';

import { createRouter, evenRanges } from './hash-range.ts';
import type { HashRange } from './hash-range.ts';
import { formatSequence, sequencePrefix } from './sequence.ts';

/** Record ids are `shard row × SPAN + position`: each shard is one contiguous run of the table. */
const SPAN = 2 ** 36;

const SCHEMA = `
CREATE TABLE IF NOT EXISTS streams (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL,
  mode TEXT NOT NULL, retention_hours INTEGER NOT NULL, tags TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS shards (
  id INTEGER PRIMARY KEY AUTOINCREMENT, stream_id INTEGER NOT NULL, position INTEGER NOT NULL,
  trimmed INTEGER NOT NULL, UNIQUE (stream_id, position));
CREATE TABLE IF NOT EXISTS records (
  id INTEGER PRIMARY KEY, arrived_at INTEGER NOT NULL, partition_key TEXT NOT NULL, data BLOB NOT NULL);
`;

export interface Shard {
  id: string;
  index: number;
  range: HashRange;
  /** First digits of its sequence numbers. */
  prefix: string;
  /** Row of table `shards`. */
  row: number;
  /** Position the next record gets. */
  next: number;
  /** Arrival of the newest record; arrivals never run backwards within a shard. */
  arrivedAt: number;
}

export interface Stream {
  row: number;
  name: string;
  arn: string;
  createdAt: number;
  mode: 'PROVISIONED' | 'ON_DEMAND';
  retentionHours: number;
  tags: Record<string, string>;
  shards: readonly Shard[];
  /** Index of the shard for a partition key or an explicit hash key. */
  route: (partitionKey: string, explicit?: bigint) => number;
}

export interface NewRecord {
  shard: Shard;
  partitionKey: string;
  data: Uint8Array;
}

export interface StoredRecord {
  position: number;
  arrivedAt: number;
  partitionKey: string;
  data: Uint8Array;
}

interface RecordRow {
  id: number;
  arrived_at: number;
  partition_key: string;
  data: Uint8Array;
}

/** Streams and their records in one database file; all calls are synchronous and durable on return. */
export class StreamStore {
  readonly streams = new Map<string, Stream>();
  readonly #database: DatabaseSync;
  readonly #statements;

  constructor(file: string) {
    this.#database = openDatabase(file, SCHEMA);
    const prepare = (sql: string) => this.#database.prepare(sql);
    this.#statements = {
      insert: prepare('INSERT INTO records VALUES (?, ?, ?, ?)'),
      read: prepare('SELECT * FROM records WHERE id >= ? AND id < ? ORDER BY id LIMIT ?'),
      arrival: prepare(
        'SELECT id, arrived_at FROM records WHERE id >= ? AND id < ? ORDER BY id LIMIT 1',
      ),
      newest: prepare('SELECT id, arrived_at FROM records WHERE id < ? ORDER BY id DESC LIMIT 1'),
      remove: prepare('DELETE FROM records WHERE id >= ? AND id < ?'),
      trimmed: prepare('UPDATE shards SET trimmed = ? WHERE id = ?'),
    };
    for (const row of prepare('SELECT * FROM streams').all()) this.#load(row);
  }

  /** Makes a stream; the caller has checked that the name is free. */
  create(name: string, shardCount: number, mode: Stream['mode'], createdAt: number): Stream {
    const row = transact(this.#database, () => {
      const { lastInsertRowid } = this.#database
        .prepare("INSERT INTO streams VALUES (NULL, ?, ?, ?, 24, '{}')")
        .run(name, createdAt, mode);
      const shard = this.#database.prepare('INSERT INTO shards VALUES (NULL, ?, ?, 0)');
      for (let index = 0; index < shardCount; index += 1) shard.run(lastInsertRowid, index);
      return this.#database.prepare('SELECT * FROM streams WHERE id = ?').get(lastInsertRowid)!;
    });
    return this.#load(row);
  }

  delete(stream: Stream): void {
    transact(this.#database, () => {
      for (const { row } of stream.shards)
        this.#statements.remove.run(row * SPAN, (row + 1) * SPAN);
      this.#database.prepare('DELETE FROM shards WHERE stream_id = ?').run(stream.row);
      this.#database.prepare('DELETE FROM streams WHERE id = ?').run(stream.row);
    });
    this.streams.delete(stream.name);
  }

  /** Writes retention and tags as they now stand on `stream`. */
  save(stream: Stream): void {
    this.#database
      .prepare('UPDATE streams SET retention_hours = ?, tags = ? WHERE id = ?')
      .run(stream.retentionHours, JSON.stringify(stream.tags), stream.row);
  }

  /** Appends all records in one transaction; gives their sequence numbers in the same order. */
  append(records: readonly NewRecord[], now: number): string[] {
    const before = new Map<Shard, Pick<Shard, 'next' | 'arrivedAt'>>();
    for (const { shard } of records) {
      if (!before.has(shard)) before.set(shard, { next: shard.next, arrivedAt: shard.arrivedAt });
    }
    try {
      return transact(this.#database, () => records.map((record) => this.#insert(record, now)));
    } catch (error) {
      for (const [shard, state] of before) Object.assign(shard, state);
      throw error;
    }
  }

  /** Records from `position` on, in order, until `limit` or until their data reach `bytesMax`; one at least. */
  read(shard: Shard, position: number, limit: number, bytesMax: number): StoredRecord[] {
    const base = shard.row * SPAN;
    const found: StoredRecord[] = [];
    let bytes = 0;
    const rows = this.#statements.read.iterate(base + position, base + SPAN, limit);
    for (const row of rows as unknown as Iterable<RecordRow>) {
      bytes += row.data.byteLength + row.partition_key.length;
      if (bytes > bytesMax && found.length > 0) break;
      found.push({
        position: row.id - base,
        arrivedAt: row.arrived_at,
        partitionKey: row.partition_key,
        data: row.data,
      });
    }
    return found;
  }

  /** First position that arrived at `time` or later; the next free one when none did. */
  positionAt(shard: Shard, time: number): number {
    let low = this.#oldest(shard, 0)?.position ?? shard.next;
    let high = shard.next;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const record = this.#oldest(shard, middle);
      if (record && record.arrivedAt < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Position and arrival of the oldest record at or after `position`. */
  #oldest(shard: Shard, position: number): { position: number; arrivedAt: number } | undefined {
    const base = shard.row * SPAN;
    const row = this.#statements.arrival.get(base + position, base + SPAN);
    if (!row) return undefined;
    return { position: Number(row['id']) - base, arrivedAt: Number(row['arrived_at']) };
  }

  /** Drops what the stream's retention no longer covers. */
  trim(stream: Stream, now: number): void {
    const horizon = now - stream.retentionHours * 3_600_000;
    for (const shard of stream.shards) {
      const oldest = this.#oldest(shard, 0);
      if (!oldest || oldest.arrivedAt >= horizon) continue;
      const end = this.positionAt(shard, horizon);
      transact(this.#database, () => {
        this.#statements.trimmed.run(end, shard.row);
        this.#statements.remove.run(shard.row * SPAN, shard.row * SPAN + end);
      });
    }
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #insert({ shard, partitionKey, data }: NewRecord, now: number): string {
    const position = shard.next;
    shard.next += 1;
    if (now > shard.arrivedAt) shard.arrivedAt = now;
    this.#statements.insert.run(shard.row * SPAN + position, shard.arrivedAt, partitionKey, data);
    return formatSequence(shard.prefix, position);
  }

  #load(row: Record<string, unknown>): Stream {
    const createdAt = Number(row['created_at']);
    const streamRow = Number(row['id']);
    const rows = this.#database
      .prepare('SELECT * FROM shards WHERE stream_id = ? ORDER BY position')
      .all(streamRow);
    const ranges = evenRanges(rows.length);
    const shards = rows.map((shardRow, index) => {
      const id = Number(shardRow['id']);
      const newest = this.#statements.newest.get((id + 1) * SPAN);
      const newestPosition = newest ? Number(newest['id']) - id * SPAN : -1;
      return {
        id: `shardId-${String(index).padStart(12, '0')}`,
        index,
        range: ranges[index]!,
        prefix: sequencePrefix(createdAt, index, streamRow),
        row: id,
        next: Math.max(newestPosition + 1, Number(shardRow['trimmed']), 1),
        arrivedAt: newestPosition >= 0 ? Number(newest!['arrived_at']) : createdAt,
      };
    });
    const name = String(row['name']);
    const stream: Stream = {
      row: streamRow,
      name,
      arn: localArn('kinesis', `stream/${name}`),
      createdAt,
      mode: row['mode'] as Stream['mode'],
      retentionHours: Number(row['retention_hours']),
      tags: JSON.parse(String(row['tags'])) as Record<string, string>,
      shards,
      route: createRouter(ranges),
    };
    this.streams.set(name, stream);
    return stream;
  }
}
