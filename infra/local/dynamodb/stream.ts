import type { SourceRecord, StreamSource } from '#infra/local/service.ts';
import { LOCAL_REGION, localArn } from '#infra/local/service.ts';
import type { StreamViewType, Table } from './table.ts';
import type { Store } from './store.ts';

/** A stream keeps records for 24 hours. Source: Developer guide, "Change data capture for DynamoDB Streams". */
const STREAM_RETENTION_MS = 24 * 3600 * 1000;
const STREAM_SHARDS = 4;
/** Sequence numbers are texts of 21 to 40 digits; of one length they sort as numbers do. */
const SEQUENCE_BASE = 10n ** 20n;

/** One change of one item, before it has a sequence number. */
export interface Change {
  table: Table;
  /** JSON texts: the item's key, and its images where it existed before and after. */
  key: string;
  old: string | undefined;
  new: string | undefined;
  /** True where TTL removed it. */
  expired: boolean;
}

export function streamArn(table: Table): string {
  return localArn('dynamodb', `table/${table.TableName}/stream/${table.stream!.label}`);
}

export function shardIds(): string[] {
  return Array.from({ length: STREAM_SHARDS }, (_, n) => `shardId-${String(n).padStart(20, '0')}`);
}

export function sequenceText(sequence: number): string {
  return String(SEQUENCE_BASE + BigInt(sequence));
}

function sequenceOf(text: string | undefined): number {
  return text === undefined ? 0 : Number(BigInt(text) - SEQUENCE_BASE);
}

/** The stream records of every table: append, read, trim. */
export class StreamLog {
  readonly #store: Store;
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #appended = new Set<string>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Call inside the transaction of the change itself. */
  append(change: Change, at: number): void {
    const { table } = change;
    if (!table.stream?.enabled) return;
    this.#store
      .prepare(
        'INSERT INTO stream (number, shard, at, expired, item_key, old, new) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(
        table.number,
        shardOf(change.key),
        at,
        change.expired ? 1 : 0,
        change.key,
        change.old ?? null,
        change.new ?? null,
      );
    this.#announce(table.TableName);
  }

  read(table: Table, shardId: string, after: string | undefined, limit: number): SourceRecord[] {
    const rows = this.#store
      .prepare(
        `SELECT sequence, at, expired, item_key, old, new FROM stream
         WHERE number = ? AND shard = ? AND sequence > ? ORDER BY sequence LIMIT ?`,
      )
      .all(table.number, shardIds().indexOf(shardId), sequenceOf(after), limit);
    return rows.map((row) => sourceRecord(table, row));
  }

  /** The newest sequence number of a shard, or undefined. */
  newest(table: Table, shardId: string): string | undefined {
    const row = this.#store
      .prepare('SELECT max(sequence) AS sequence FROM stream WHERE number = ? AND shard = ?')
      .get(table.number, shardIds().indexOf(shardId));
    return typeof row?.['sequence'] === 'number' ? sequenceText(row['sequence']) : undefined;
  }

  /** Drops records older than 24 h at `now` (milliseconds). */
  trim(now: number): void {
    const kept = this.#store
      .prepare('SELECT sequence FROM stream WHERE at >= ? ORDER BY sequence LIMIT 1')
      .get(now - STREAM_RETENTION_MS);
    const first = kept?.['sequence'];
    if (typeof first === 'number') {
      this.#store.prepare('DELETE FROM stream WHERE sequence < ?').run(first);
    } else {
      this.#store.prepare('DELETE FROM stream').run();
    }
  }

  /** The stream of a table as event source mappings poll it. Throws where it has none. */
  source(tableName: string): StreamSource {
    const table = this.#store.table(tableName);
    if (table.stream === undefined) throw new Error(`table ${tableName} has no stream`);
    return {
      arn: streamArn(table),
      kind: 'dynamodb',
      shardIds,
      read: (shardId, after, limit) =>
        this.read(this.#store.table(tableName), shardId, after, limit),
      onAppend: (listener) => {
        const listeners = this.#listeners.get(tableName) ?? new Set();
        this.#listeners.set(tableName, listeners.add(listener));
        return () => void listeners.delete(listener);
      },
    };
  }

  #announce(tableName: string): void {
    if (!this.#listeners.has(tableName) || this.#appended.has(tableName)) return;
    this.#appended.add(tableName);
    setImmediate(() => {
      this.#appended.delete(tableName);
      for (const listener of this.#listeners.get(tableName) ?? []) listener();
    });
  }
}

/** FNV-1a over the key: every change of one item is in one shard, so in order. */
function shardOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) {
    hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0) % STREAM_SHARDS;
}

function sourceRecord(table: Table, row: Record<string, unknown>): SourceRecord {
  const view: StreamViewType = table.stream!.view;
  const sequenceNumber = sequenceText(row['sequence'] as number);
  const arrivedAt = row['at'] as number;
  const key = row['item_key'] as string;
  const old = row['old'] as string | null;
  const next = row['new'] as string | null;
  const bytes = key.length + (old?.length ?? 0) + (next?.length ?? 0);
  const change: Record<string, unknown> = {
    ApproximateCreationDateTime: Math.floor(arrivedAt / 1000),
    Keys: JSON.parse(key),
  };
  if (next !== null && (view === 'NEW_AND_OLD_IMAGES' || view === 'NEW_IMAGE')) {
    change['NewImage'] = JSON.parse(next);
  }
  if (old !== null && (view === 'NEW_AND_OLD_IMAGES' || view === 'OLD_IMAGE')) {
    change['OldImage'] = JSON.parse(old);
  }
  Object.assign(change, {
    SequenceNumber: sequenceNumber,
    SizeBytes: bytes,
    StreamViewType: view,
  });
  const record: Record<string, unknown> = {
    eventID: `${table.TableId.replaceAll('-', '').slice(0, 12)}${sequenceNumber}`,
    eventName: old === null ? 'INSERT' : next === null ? 'REMOVE' : 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: LOCAL_REGION,
    dynamodb: change,
    eventSourceARN: streamArn(table),
  };
  if (row['expired'] === 1) {
    record['userIdentity'] = { principalId: 'dynamodb.amazonaws.com', type: 'Service' };
  }
  return { sequenceNumber, partitionKey: key, arrivedAt, record, bytes: bytes + 512 };
}
