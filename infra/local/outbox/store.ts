import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

import type { LocalClock } from '#infra/local/clock.ts';
import { openDatabase } from '#infra/local/wire/database.ts';
import type { Channel } from '#shared/notification/schema.ts';

import type { OutboxMessage, OutgoingMessage } from './message.ts';

/** Messages kept; the oldest go first. */
const MESSAGES_MAX = 20_000;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS message (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL,
    at TEXT NOT NULL,
    alert_id TEXT,
    body TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS message_channel ON message (channel, seq);
`;

export interface OutboxFilter {
  channel?: Channel;
  /** RFC 3339; only messages recorded at or after it. */
  since?: string;
  alert_id?: string;
  /** At most this many, newest first; 500 unless told. */
  limit?: number;
}

/** Messages on disk, newest first. */
export class OutboxStore {
  readonly #database: DatabaseSync;
  readonly #clock: LocalClock;

  constructor(file: string, clock: LocalClock) {
    this.#database = openDatabase(file, SCHEMA);
    this.#clock = clock;
  }

  record(outgoing: OutgoingMessage): OutboxMessage {
    const message: OutboxMessage = {
      outbox_message_id: randomUUID(),
      at: new Date(this.#clock.now()).toISOString(),
      ...outgoing,
    };
    const { lastInsertRowid } = this.#database
      .prepare('INSERT INTO message (channel, at, alert_id, body) VALUES (?, ?, ?, ?)')
      .run(message.channel, message.at, message.alert_id ?? null, JSON.stringify(message));
    if (Number(lastInsertRowid) % 100 === 0) {
      this.#database
        .prepare('DELETE FROM message WHERE seq <= ?')
        .run(Number(lastInsertRowid) - MESSAGES_MAX);
    }
    return message;
  }

  list(filter: OutboxFilter = {}): OutboxMessage[] {
    const { where, values } = conditions(filter);
    const rows = this.#database
      .prepare(`SELECT body FROM message ${where} ORDER BY seq DESC LIMIT ?`)
      .all(...values, filter.limit ?? 500);
    return rows.map((row) => JSON.parse(String(row['body'])) as OutboxMessage);
  }

  count(filter: OutboxFilter = {}): number {
    const { where, values } = conditions(filter);
    const row = this.#database.prepare(`SELECT count(*) AS n FROM message ${where}`).get(...values);
    return Number(row?.['n'] ?? 0);
  }

  clear(): void {
    this.#database.exec('DELETE FROM message');
  }

  close(): void {
    this.#database.close();
  }
}

function conditions(filter: OutboxFilter): { where: string; values: string[] } {
  const wanted: [string, string | undefined][] = [
    ['channel = ?', filter.channel],
    ['at >= ?', filter.since],
    ['alert_id = ?', filter.alert_id],
  ];
  const given = wanted.filter((pair): pair is [string, string] => pair[1] !== undefined);
  const where = given.length === 0 ? '' : `WHERE ${given.map(([sql]) => sql).join(' AND ')}`;
  return { where, values: given.map(([, value]) => value) };
}
