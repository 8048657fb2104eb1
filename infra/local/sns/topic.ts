import type { DatabaseSync } from 'node:sqlite';
import { randomUUID } from 'node:crypto';

import { localArn } from '#infra/local/service.ts';
import { openDatabase, transact } from '#infra/local/wire/database.ts';
import { AwsError } from '#infra/local/wire/error.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS topic (arn TEXT PRIMARY KEY, attributes TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS subscription (
    arn TEXT PRIMARY KEY, topic_arn TEXT NOT NULL, protocol TEXT NOT NULL, endpoint TEXT NOT NULL,
    attributes TEXT NOT NULL, UNIQUE (topic_arn, protocol, endpoint)
  );
`;

export interface Subscription {
  arn: string;
  topic_arn: string;
  protocol: 'email' | 'email-json' | 'sqs';
  /** An address, or a queue's ARN. */
  endpoint: string;
  attributes: Record<string, string>;
}

/** Topics and who subscribed to them, on disk. Locally every subscription is confirmed at once. */
export class TopicStore {
  readonly #database: DatabaseSync;

  constructor(file: string) {
    this.#database = openDatabase(file, SCHEMA);
  }

  /** Idempotent, as CreateTopic is; throws InvalidParameter for a bad name. */
  create(name: string, attributes: Record<string, string>): string {
    if (!/^[A-Za-z0-9_-]{1,256}$/.test(name)) {
      throw new AwsError('InvalidParameter', 'Invalid parameter: Topic Name');
    }
    const arn = localArn('sns', name);
    this.#database
      .prepare('INSERT OR IGNORE INTO topic (arn, attributes) VALUES (?, ?)')
      .run(arn, JSON.stringify(attributes));
    return arn;
  }

  remove(arn: string): void {
    transact(this.#database, () => {
      this.#database.prepare('DELETE FROM subscription WHERE topic_arn = ?').run(arn);
      this.#database.prepare('DELETE FROM topic WHERE arn = ?').run(arn);
    });
  }

  list(): string[] {
    return this.#database
      .prepare('SELECT arn FROM topic ORDER BY arn')
      .all()
      .map((row) => String(row['arn']));
  }

  /** Throws NotFound. */
  attributes(arn: string): Record<string, string> {
    const row = this.#database.prepare('SELECT attributes FROM topic WHERE arn = ?').get(arn);
    if (!row) throw new AwsError('NotFound', 'Topic does not exist', { status: 404 });
    return JSON.parse(String(row['attributes'])) as Record<string, string>;
  }

  setAttribute(arn: string, name: string, value: string): void {
    const attributes = { ...this.attributes(arn), [name]: value };
    this.#database
      .prepare('UPDATE topic SET attributes = ? WHERE arn = ?')
      .run(JSON.stringify(attributes), arn);
  }

  /** Gives the subscription that is already there for the same endpoint. */
  subscribe(subscription: Omit<Subscription, 'arn'>): string {
    this.attributes(subscription.topic_arn);
    const { topic_arn, protocol, endpoint } = subscription;
    this.#database
      .prepare('INSERT OR IGNORE INTO subscription VALUES (?, ?, ?, ?, ?)')
      .run(
        `${topic_arn}:${randomUUID()}`,
        topic_arn,
        protocol,
        endpoint,
        JSON.stringify(subscription.attributes),
      );
    const row = this.#database
      .prepare('SELECT arn FROM subscription WHERE topic_arn = ? AND protocol = ? AND endpoint = ?')
      .get(topic_arn, protocol, endpoint);
    return String(row?.['arn']);
  }

  unsubscribe(arn: string): void {
    this.#database.prepare('DELETE FROM subscription WHERE arn = ?').run(arn);
  }

  subscriptions(topicArn?: string): Subscription[] {
    const rows = this.#database.prepare('SELECT * FROM subscription ORDER BY arn').all();
    return rows
      .map((row) => ({
        arn: String(row['arn']),
        topic_arn: String(row['topic_arn']),
        protocol: String(row['protocol']) as Subscription['protocol'],
        endpoint: String(row['endpoint']),
        attributes: JSON.parse(String(row['attributes'])) as Record<string, string>,
      }))
      .filter((subscription) => topicArn === undefined || subscription.topic_arn === topicArn);
  }

  close(): void {
    this.#database.close();
  }
}
