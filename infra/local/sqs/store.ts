import { randomBytes, randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

import { openDatabase, transact } from '#infra/local/wire/database.ts';
import type { Row } from '#infra/local/wire/database.ts';
import { AwsError } from '#infra/local/wire/error.ts';

import type { MessageAttributes } from './checksum.ts';
import { noSuchQueue, queueArn, readRedrivePolicy } from './queue.ts';
import type { QueueAttributes } from './queue.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS queue (
    name TEXT PRIMARY KEY, attributes TEXT NOT NULL, created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS message (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id TEXT NOT NULL, queue TEXT NOT NULL, body TEXT NOT NULL, attributes TEXT NOT NULL,
    sent_at INTEGER NOT NULL, visible_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
    receive_count INTEGER NOT NULL, first_received_at INTEGER, receipt TEXT, dead_letter_source TEXT
  );
  CREATE INDEX IF NOT EXISTS message_visible ON message (queue, visible_at, seq);
`;

export interface Queue {
  name: string;
  attributes: QueueAttributes;
  created_at: number;
  modified_at: number;
}

/** Times in milliseconds on the local clock. */
export interface StoredMessage {
  message_id: string;
  receipt: string;
  body: string;
  attributes: MessageAttributes;
  sent_at: number;
  receive_count: number;
  first_received_at: number;
  dead_letter_source?: string;
}

export interface QueueDepth {
  visible: number;
  inFlight: number;
  delayed: number;
}

/** Queues and their messages on disk; every method is one transaction, durable when it returns. */
export class QueueStore {
  readonly #database: DatabaseSync;

  constructor(file: string) {
    this.#database = openDatabase(file, SCHEMA);
  }

  queues(): Queue[] {
    return this.#database.prepare('SELECT * FROM queue ORDER BY name').all().map(toQueue);
  }

  /** Throws QueueDoesNotExist. */
  queue(name: string): Queue {
    const row = this.#database.prepare('SELECT * FROM queue WHERE name = ?').get(name);
    if (!row) throw noSuchQueue();
    return toQueue(row);
  }

  has(name: string): boolean {
    return this.#database.prepare('SELECT 1 FROM queue WHERE name = ?').get(name) !== undefined;
  }

  save(queue: Queue): void {
    this.#database
      .prepare(
        `INSERT INTO queue (name, attributes, created_at, modified_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET attributes = excluded.attributes, modified_at = excluded.modified_at`,
      )
      .run(queue.name, JSON.stringify(queue.attributes), queue.created_at, queue.modified_at);
  }

  remove(name: string): void {
    transact(this.#database, () => {
      this.purge(name);
      this.#database.prepare('DELETE FROM queue WHERE name = ?').run(name);
    });
  }

  purge(name: string): void {
    this.#database.prepare('DELETE FROM message WHERE queue = ?').run(name);
  }

  /** Appends messages to one queue in one transaction; gives their ids. */
  send(
    queue: Queue,
    messages: readonly {
      body: string;
      attributes: MessageAttributes;
      delaySeconds?: number | undefined;
    }[],
    now: number,
  ): string[] {
    const insert = this.#database.prepare(
      `INSERT INTO message (message_id, queue, body, attributes, sent_at, visible_at, expires_at, receive_count)
       VALUES (?, ?, ?, ?, ?, ?, ?, 0)`,
    );
    const expires = now + Number(queue.attributes['MessageRetentionPeriod']) * 1000;
    return transact(this.#database, () =>
      messages.map((message) => {
        const id = randomUUID();
        const delay = (message.delaySeconds ?? Number(queue.attributes['DelaySeconds'])) * 1000;
        insert.run(
          id,
          queue.name,
          message.body,
          JSON.stringify(message.attributes),
          now,
          now + delay,
          expires,
        );
        return id;
      }),
    );
  }

  /**
   * Takes up to `max` visible messages and hides them for `visibilityMs`. Those received too often
   * already move to the dead-letter queue instead. `moved` names that queue when any did.
   */
  receive(
    queue: Queue,
    max: number,
    visibilityMs: number,
    now: number,
  ): { messages: StoredMessage[]; moved: string | undefined } {
    const redrive = readRedrivePolicy(queue.attributes);
    const candidates = this.#database.prepare(
      'SELECT * FROM message WHERE queue = ? AND visible_at <= ? ORDER BY visible_at, seq LIMIT 50',
    );
    return transact(this.#database, () => {
      const messages: StoredMessage[] = [];
      let moved: string | undefined;
      for (;;) {
        const rows = candidates.all(queue.name, now);
        for (const row of rows) {
          if (messages.length === max) break;
          if (Number(row['expires_at']) <= now) this.#drop(Number(row['seq']));
          else if (
            redrive &&
            Number(row['receive_count']) >= redrive.receiveMax &&
            this.has(redrive.dlq)
          ) {
            moved = this.#bury(Number(row['seq']), queue.name, redrive.dlq, now);
          } else messages.push(this.#take(row, visibilityMs, now));
        }
        if (messages.length === max || rows.length < 50) return { messages, moved };
      }
    });
  }

  #take(row: Row, visibilityMs: number, now: number): StoredMessage {
    const receipt = `${String(row['seq'])}.${randomBytes(24).toString('base64url')}`;
    const first = row['first_received_at'] === null ? now : Number(row['first_received_at']);
    const count = Number(row['receive_count']) + 1;
    // A visibility of 0 leaves it visible; 1 ms keeps it from coming twice in one answer.
    this.#database
      .prepare(
        'UPDATE message SET receipt = ?, visible_at = ?, receive_count = ?, first_received_at = ? WHERE seq = ?',
      )
      .run(receipt, now + Math.max(visibilityMs, 1), count, first, Number(row['seq']));
    return {
      message_id: String(row['message_id']),
      receipt,
      body: String(row['body']),
      attributes: JSON.parse(String(row['attributes'])) as MessageAttributes,
      sent_at: Number(row['sent_at']),
      receive_count: count,
      first_received_at: first,
      ...(row['dead_letter_source'] === null
        ? {}
        : { dead_letter_source: String(row['dead_letter_source']) }),
    };
  }

  #drop(seq: number): void {
    this.#database.prepare('DELETE FROM message WHERE seq = ?').run(seq);
  }

  /** The message keeps its id and sent time, as SQS keeps them. */
  #bury(seq: number, source: string, dlq: string, now: number): string {
    this.#database
      .prepare(
        `UPDATE message SET queue = ?, visible_at = ?, receive_count = 0, first_received_at = NULL,
         receipt = NULL, dead_letter_source = ? WHERE seq = ?`,
      )
      .run(dlq, now, queueArn(source), seq);
    return dlq;
  }

  /** True when the message was there under this receipt. Throws ReceiptHandleIsInvalid for no receipt at all. */
  delete(queue: string, receipt: string): boolean {
    const seq = receiptSeq(receipt);
    return (
      Number(
        this.#database
          .prepare('DELETE FROM message WHERE seq = ? AND queue = ? AND receipt = ?')
          .run(seq, queue, receipt).changes,
      ) > 0
    );
  }

  /** Hides the message until `visibleAt`; throws MessageNotInflight when nobody holds it. */
  hide(queue: string, receipt: string, visibleAt: number, now: number): void {
    const { changes } = this.#database
      .prepare(
        'UPDATE message SET visible_at = ? WHERE seq = ? AND queue = ? AND receipt = ? AND visible_at > ?',
      )
      .run(visibleAt, receiptSeq(receipt), queue, receipt, now);
    if (Number(changes) === 0) {
      throw new AwsError('MessageNotInflight', 'The specified message is not in flight.', {
        queryCode: 'AWS.SimpleQueueService.MessageNotInflight',
      });
    }
  }

  /** When the next hidden or delayed message of the queue becomes visible. */
  nextVisibleAt(queue: string): number | undefined {
    const row = this.#database
      .prepare('SELECT min(visible_at) AS at FROM message WHERE queue = ?')
      .get(queue);
    return row === undefined || row['at'] === null ? undefined : Number(row['at']);
  }

  depth(queue: string, now: number): QueueDepth {
    const row = this.#database
      .prepare(
        `SELECT count(*) FILTER (WHERE visible_at <= ?1) AS visible,
                count(*) FILTER (WHERE visible_at > ?1 AND receipt IS NOT NULL) AS in_flight,
                count(*) FILTER (WHERE visible_at > ?1 AND receipt IS NULL) AS delayed
         FROM message WHERE queue = ?2 AND expires_at > ?1`,
      )
      .get(now, queue);
    return {
      visible: Number(row?.['visible'] ?? 0),
      inFlight: Number(row?.['in_flight'] ?? 0),
      delayed: Number(row?.['delayed'] ?? 0),
    };
  }

  close(): void {
    this.#database.close();
  }
}

function receiptSeq(receipt: string): number {
  const [, seq] = /^(\d{1,15})\.[\w-]{32}$/.exec(receipt) ?? [];
  if (seq === undefined) {
    throw new AwsError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${receipt}" is not a valid receipt handle.`,
    );
  }
  return Number(seq);
}

function toQueue(row: Row): Queue {
  return {
    name: String(row['name']),
    attributes: JSON.parse(String(row['attributes'])) as QueueAttributes,
    created_at: Number(row['created_at']),
    modified_at: Number(row['modified_at']),
  };
}
