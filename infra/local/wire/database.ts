import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SQLOutputValue } from 'node:sqlite';

/** One row as it comes back, by column. */
export type Row = Record<string, SQLOutputValue>;

/**
 * Opens (or makes) a service's database, readable by its owner only. WAL with synchronous=NORMAL:
 * a committed transaction survives the death of the process, which is what "answered" promises.
 * `schema` is run at every start and must be idempotent.
 */
export function openDatabase(file: string, schema: string): DatabaseSync {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  if (file !== ':memory:') chmodSync(file, 0o600);
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000',
  );
  database.exec(schema);
  return database;
}

/** Runs `work` in one transaction: all of it is durable afterwards, or none when it throws. */
export function transact<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk ends the transaction by itself; its own words are the ones to tell.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
