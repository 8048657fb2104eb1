import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

import { openDatabase } from '#infra/local/wire/database.ts';
import type { Row } from '#infra/local/wire/database.ts';
import { AwsError } from '#infra/local/wire/error.ts';

import type { ChecksumName } from './checksum.ts';

/** Bodies up to this many bytes live in the database, larger ones in a file each. */
const INLINE_BYTES_MAX = 16 * 1024;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS bucket (name TEXT PRIMARY KEY, created_at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS object (
    bucket TEXT NOT NULL, key TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
    modified_at INTEGER NOT NULL, headers TEXT NOT NULL, checksum TEXT, file TEXT, body BLOB,
    PRIMARY KEY (bucket, key)
  ) WITHOUT ROWID;
`;

export interface ObjectHead {
  key: string;
  size: number;
  /** With its quotes. */
  etag: string;
  /** Milliseconds on the local clock. */
  modified_at: number;
  /** Content type, encoding, cache control and `x-amz-meta-*`, as they were put. */
  headers: Record<string, string>;
  checksum?: { name: ChecksumName; value: string };
}

export interface NewObject {
  body: Buffer;
  headers: Record<string, string>;
  checksum?: { name: ChecksumName; value: string } | undefined;
  /** Only where it is not the MD5 of the body (multipart uploads). */
  etag?: string;
}

/** A condition on what is stored now, checked in the same step as the write. */
export type WriteCondition = (current: ObjectHead | undefined) => void;

/** Buckets and objects in a directory; a write is durable and whole when its promise resolves. */
export class ObjectStore {
  readonly #database: DatabaseSync;
  readonly #objects: string;

  constructor(directory: string) {
    this.#objects = join(directory, 'objects');
    mkdirSync(this.#objects, { recursive: true });
    this.#database = openDatabase(join(directory, 'metadata.sqlite'), SCHEMA);
    this.#removeOrphans();
  }

  /** Files a killed process left behind between writing the body and committing the row. */
  #removeOrphans(): void {
    const rows = this.#database.prepare('SELECT file FROM object WHERE file IS NOT NULL').all();
    const known = new Set(rows.map((row) => String(row['file'])));
    for (const file of readdirSync(this.#objects)) {
      if (!known.has(file)) rmSync(join(this.#objects, file), { force: true });
    }
  }

  createBucket(name: string, now: number): boolean {
    const insert = this.#database.prepare('INSERT OR IGNORE INTO bucket VALUES (?, ?)');
    return Number(insert.run(name, now).changes) > 0;
  }

  /** Throws BucketNotEmpty. */
  removeBucket(name: string): void {
    this.requireBucket(name);
    if (this.#database.prepare('SELECT 1 FROM object WHERE bucket = ? LIMIT 1').get(name)) {
      throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', {
        status: 409,
      });
    }
    this.#database.prepare('DELETE FROM bucket WHERE name = ?').run(name);
  }

  buckets(): { name: string; created_at: number }[] {
    const rows = this.#database.prepare('SELECT * FROM bucket ORDER BY name').all();
    return rows.map((row) => ({
      name: String(row['name']),
      created_at: Number(row['created_at']),
    }));
  }

  /** Throws NoSuchBucket. */
  requireBucket(name: string): void {
    if (this.#database.prepare('SELECT 1 FROM bucket WHERE name = ?').get(name)) return;
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', { status: 404 });
  }

  head(bucket: string, key: string): ObjectHead | undefined {
    const row = this.#row(bucket, key);
    return row && toHead(row);
  }

  headOnly(bucket: string, key: string): { head: ObjectHead; body: Buffer } | undefined {
    const head = this.head(bucket, key);
    return head && { head, body: Buffer.alloc(0) };
  }

  /** Head and body as of one moment; undefined when there is no such object. */
  async read(bucket: string, key: string): Promise<{ head: ObjectHead; body: Buffer } | undefined> {
    for (;;) {
      const row = this.#row(bucket, key);
      if (!row) return undefined;
      if (row['file'] === null)
        return { head: toHead(row), body: Buffer.from(row['body'] as Uint8Array) };
      try {
        return {
          head: toHead(row),
          body: await readFile(join(this.#objects, String(row['file']))),
        };
      } catch (error) {
        // Overwritten or deleted between the two reads: look again.
        if (this.#row(bucket, key)?.['file'] === row['file']) throw error;
      }
    }
  }

  /** The condition is checked against what is stored when the write commits; it refuses by throwing. */
  async write(
    bucket: string,
    key: string,
    object: NewObject,
    now: number,
    condition?: WriteCondition,
  ): Promise<ObjectHead> {
    const file = object.body.length > INLINE_BYTES_MAX ? randomUUID() : null;
    if (file) await this.#writeFile(file, object.body);
    try {
      this.requireBucket(bucket);
      const before = this.#row(bucket, key);
      condition?.(before && toHead(before));
      this.#database
        .prepare('INSERT OR REPLACE INTO object VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
        .run(
          bucket,
          key,
          object.body.length,
          object.etag ?? `"${createHash('md5').update(object.body).digest('hex')}"`,
          now,
          JSON.stringify(object.headers),
          object.checksum ? JSON.stringify(object.checksum) : null,
          file,
          file ? null : object.body,
        );
      await this.#removeFile(before?.['file']);
    } catch (error) {
      await this.#removeFile(file);
      throw error;
    }
    return this.head(bucket, key)!;
  }

  async remove(bucket: string, key: string): Promise<void> {
    const before = this.#row(bucket, key);
    this.#database.prepare('DELETE FROM object WHERE bucket = ? AND key = ?').run(bucket, key);
    await this.#removeFile(before?.['file']);
  }

  /** Heads with keys from `from` on (UTF-8 order), at most `limit`. */
  scan(bucket: string, from: string, exclusive: boolean, limit: number): ObjectHead[] {
    const comparison = exclusive ? '>' : '>=';
    return this.#database
      .prepare(
        `SELECT key, size, etag, modified_at, headers, checksum FROM object
         WHERE bucket = ? AND key ${comparison} ? ORDER BY key LIMIT ?`,
      )
      .all(bucket, from, limit)
      .map(toHead);
  }

  close(): void {
    this.#database.close();
  }

  #row(bucket: string, key: string): Row | undefined {
    return this.#database
      .prepare('SELECT * FROM object WHERE bucket = ? AND key = ?')
      .get(bucket, key);
  }

  async #writeFile(name: string, body: Buffer): Promise<void> {
    const path = join(this.#objects, name);
    await writeFile(`${path}.part`, body);
    await rename(`${path}.part`, path);
  }

  async #removeFile(name: unknown): Promise<void> {
    if (typeof name === 'string') await rm(join(this.#objects, name), { force: true });
  }
}

function toHead(row: Row): ObjectHead {
  return {
    key: String(row['key']),
    size: Number(row['size']),
    etag: String(row['etag']),
    modified_at: Number(row['modified_at']),
    headers: JSON.parse(String(row['headers'])) as Record<string, string>,
    ...(row['checksum'] === null
      ? {}
      : { checksum: JSON.parse(String(row['checksum'])) as { name: ChecksumName; value: string } }),
  };
}
