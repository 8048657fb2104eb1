import type { DatabaseSync } from 'node:sqlite';

import type { Target } from './store.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS delivery (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    rule_arn TEXT NOT NULL, target_arn TEXT NOT NULL, target TEXT NOT NULL, input TEXT NOT NULL,
    accepted_at INTEGER NOT NULL, attempts INTEGER NOT NULL, next_at INTEGER NOT NULL,
    error_code TEXT, error_message TEXT
  );
  CREATE INDEX IF NOT EXISTS delivery_due ON delivery (target_arn, next_at, seq);
  CREATE INDEX IF NOT EXISTS delivery_next ON delivery (next_at);
`;

/** One event owed to one target. Times in milliseconds on the local clock. */
export interface BusDelivery {
  seq: number;
  rule_arn: string;
  target: Target;
  /** JSON text the target receives. */
  input: string;
  accepted_at: number;
  /** Failed attempts so far. */
  attempts: number;
  next_at: number;
  error_code: string | null;
  error_message: string | null;
}

/** What is owed to targets, on disk until delivered or buried. */
export class DeliveryStore {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(SCHEMA);
  }

  /** To be called inside the transaction that accepts the event. */
  add(rule: string, target: Target, input: string, now: number): void {
    this.#database
      .prepare(
        `INSERT INTO delivery (rule_arn, target_arn, target, input, accepted_at, attempts, next_at)
         VALUES (?, ?, ?, ?, ?, 0, ?)`,
      )
      .run(rule, target.Arn, JSON.stringify(target), input, now, now);
  }

  dueTargets(now: number): string[] {
    return this.#database
      .prepare('SELECT DISTINCT target_arn FROM delivery WHERE next_at <= ?')
      .all(now)
      .map((row) => String(row['target_arn']));
  }

  /** Which deliveries to this target are due, in order; those under way are among them. */
  due(targetArn: string, now: number, limit: number): number[] {
    return this.#database
      .prepare(
        'SELECT seq FROM delivery WHERE target_arn = ? AND next_at <= ? ORDER BY next_at, seq LIMIT ?',
      )
      .all(targetArn, now, limit)
      .map(({ seq }) => Number(seq));
  }

  /** A delivery that is still owed. */
  get(seq: number): BusDelivery {
    const row = this.#database.prepare('SELECT * FROM delivery WHERE seq = ?').get(seq)!;
    return {
      ...row,
      target: JSON.parse(String(row['target'])) as Target,
    } as unknown as BusDelivery;
  }

  retry(delivery: BusDelivery, nextAt: number): void {
    this.#database
      .prepare(
        'UPDATE delivery SET attempts = ?, next_at = ?, error_code = ?, error_message = ? WHERE seq = ?',
      )
      .run(delivery.attempts, nextAt, delivery.error_code, delivery.error_message, delivery.seq);
  }

  remove(seq: number): void {
    this.#database.prepare('DELETE FROM delivery WHERE seq = ?').run(seq);
  }

  /** When the earliest delivery later than `now` falls due. */
  nextAt(now: number): number | undefined {
    const row = this.#database
      .prepare('SELECT min(next_at) AS at FROM delivery WHERE next_at > ?')
      .get(now);
    return row === undefined || row['at'] === null ? undefined : Number(row['at']);
  }

  count(): number {
    return Number(this.#database.prepare('SELECT count(*) AS n FROM delivery').get()?.['n'] ?? 0);
  }
}
