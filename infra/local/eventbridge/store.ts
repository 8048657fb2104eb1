import type { DatabaseSync } from 'node:sqlite';

import { localArn } from '#infra/local/service.ts';
import { openDatabase, transact } from '#infra/local/wire/database.ts';
import { AwsError } from '#infra/local/wire/error.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS bus (name TEXT PRIMARY KEY, created_at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS rule (
    bus TEXT NOT NULL, name TEXT NOT NULL, pattern TEXT, schedule TEXT, state TEXT NOT NULL,
    description TEXT, next_fire_at INTEGER, PRIMARY KEY (bus, name)
  );
  CREATE TABLE IF NOT EXISTS target (
    bus TEXT NOT NULL, rule TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (bus, rule, id)
  );
`;

export interface Rule {
  bus: string;
  name: string;
  /** JSON text. */
  pattern: string | null;
  schedule: string | null;
  state: 'ENABLED' | 'DISABLED';
  description: string | null;
  /** Milliseconds on the local clock; only where there is a schedule. */
  next_fire_at: number | null;
}

/** A rule's target as PutTargets takes it. */
export interface Target {
  Id: string;
  Arn: string;
  Input?: string | undefined;
  InputPath?: string | undefined;
  RetryPolicy?:
    | { MaximumRetryAttempts?: number | undefined; MaximumEventAgeInSeconds?: number | undefined }
    | undefined;
  DeadLetterConfig?: { Arn?: string | undefined } | undefined;
}

/** Event buses, rules and their targets on disk. The bus `default` is always there. */
export class RuleStore {
  readonly database: DatabaseSync;

  constructor(file: string, now: number) {
    this.database = openDatabase(file, SCHEMA);
    this.createBus('default', now);
  }

  /** True when it was not there before. */
  createBus(name: string, now: number): boolean {
    const { changes } = this.database
      .prepare('INSERT OR IGNORE INTO bus (name, created_at) VALUES (?, ?)')
      .run(name, now);
    return Number(changes) > 0;
  }

  removeBus(name: string): void {
    this.database.prepare('DELETE FROM bus WHERE name = ?').run(name);
  }

  buses(): { name: string; created_at: number }[] {
    const rows = this.database.prepare('SELECT * FROM bus ORDER BY name').all();
    return rows.map((row) => ({
      name: String(row['name']),
      created_at: Number(row['created_at']),
    }));
  }

  hasBus(name: string): boolean {
    return this.database.prepare('SELECT 1 FROM bus WHERE name = ?').get(name) !== undefined;
  }

  /** Throws ResourceNotFoundException. */
  requireBus(name: string): string {
    if (this.hasBus(name)) return name;
    throw new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`);
  }

  saveRule(rule: Rule): void {
    this.database
      .prepare('INSERT OR REPLACE INTO rule VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(
        rule.bus,
        rule.name,
        rule.pattern,
        rule.schedule,
        rule.state,
        rule.description,
        rule.next_fire_at,
      );
  }

  findRule(bus: string, name: string): Rule | undefined {
    const row = this.database
      .prepare('SELECT * FROM rule WHERE bus = ? AND name = ?')
      .get(bus, name);
    return row as unknown as Rule | undefined;
  }

  /** Throws ResourceNotFoundException. */
  rule(bus: string, name: string): Rule {
    const rule = this.findRule(bus, name);
    if (rule) return rule;
    throw new AwsError(
      'ResourceNotFoundException',
      `Rule ${name} does not exist on EventBus ${bus}.`,
    );
  }

  rules(bus: string): Rule[] {
    return this.database
      .prepare('SELECT * FROM rule WHERE bus = ? ORDER BY name')
      .all(bus) as unknown as Rule[];
  }

  scheduledRules(): Rule[] {
    return this.database
      .prepare(
        "SELECT * FROM rule WHERE state = 'ENABLED' AND next_fire_at IS NOT NULL ORDER BY next_fire_at",
      )
      .all() as unknown as Rule[];
  }

  removeRule(bus: string, name: string): void {
    this.database.prepare('DELETE FROM rule WHERE bus = ? AND name = ?').run(bus, name);
  }

  putTargets(bus: string, rule: string, targets: readonly Target[]): void {
    const put = this.database.prepare('INSERT OR REPLACE INTO target VALUES (?, ?, ?, ?)');
    transact(this.database, () => {
      for (const target of targets) put.run(bus, rule, target.Id, JSON.stringify(target));
    });
  }

  removeTarget(bus: string, rule: string, id: string): boolean {
    const { changes } = this.database
      .prepare('DELETE FROM target WHERE bus = ? AND rule = ? AND id = ?')
      .run(bus, rule, id);
    return Number(changes) > 0;
  }

  targets(bus: string, rule: string): Target[] {
    return this.database
      .prepare('SELECT body FROM target WHERE bus = ? AND rule = ? ORDER BY id')
      .all(bus, rule)
      .map((row) => JSON.parse(String(row['body'])) as Target);
  }
}

export function busArn(name: string): string {
  return localArn('events', `event-bus/${name}`);
}

/** The default bus is left out of a rule's ARN. */
export function ruleArn(bus: string, name: string): string {
  return localArn('events', bus === 'default' ? `rule/${name}` : `rule/${bus}/${name}`);
}

/** A bus given by name or by ARN; absent means the default bus. */
export function busName(nameOrArn: string | undefined): string {
  return nameOrArn === undefined ? 'default' : (nameOrArn.split('event-bus/').at(-1) ?? nameOrArn);
}
