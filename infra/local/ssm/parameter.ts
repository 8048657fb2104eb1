import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

import { localArn } from '#infra/local/service.ts';
import { openDatabase } from '#infra/local/wire/database.ts';
import type { Row } from '#infra/local/wire/database.ts';
import { AwsError } from '#infra/local/wire/error.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS parameter (
    name TEXT PRIMARY KEY, type TEXT NOT NULL, value TEXT NOT NULL, version INTEGER NOT NULL,
    modified_at INTEGER NOT NULL, description TEXT
  );
`;

export interface Parameter {
  name: string;
  type: 'String' | 'StringList' | 'SecureString';
  value: string;
  version: number;
  /** Milliseconds on the local clock. */
  modified_at: number;
  description?: string;
}

/** Parameters on disk, latest version only, in a file only its owner can read. */
export class ParameterStore {
  readonly #database: DatabaseSync;

  constructor(file: string) {
    this.#database = openDatabase(file, SCHEMA);
  }

  get(name: string): Parameter | undefined {
    const row = this.#database.prepare('SELECT * FROM parameter WHERE name = ?').get(name);
    return row && toParameter(row);
  }

  /** Gives the new version; throws ParameterAlreadyExists without `overwrite`. */
  put(parameter: Omit<Parameter, 'version'>, overwrite: boolean): number {
    const before = this.get(parameter.name);
    if (before && !overwrite) {
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    }
    const version = (before?.version ?? 0) + 1;
    this.#database
      .prepare('INSERT OR REPLACE INTO parameter VALUES (?, ?, ?, ?, ?, ?)')
      .run(
        parameter.name,
        parameter.type,
        parameter.value,
        version,
        parameter.modified_at,
        parameter.description ?? before?.description ?? null,
      );
    return version;
  }

  remove(name: string): boolean {
    return (
      Number(this.#database.prepare('DELETE FROM parameter WHERE name = ?').run(name).changes) > 0
    );
  }

  list(): Parameter[] {
    return this.#database.prepare('SELECT * FROM parameter ORDER BY name').all().map(toParameter);
  }

  close(): void {
    this.#database.close();
  }
}

function toParameter(row: Row): Parameter {
  return {
    name: String(row['name']),
    type: String(row['type']) as Parameter['type'],
    value: String(row['value']),
    version: Number(row['version']),
    modified_at: Number(row['modified_at']),
    ...(row['description'] === null ? {} : { description: String(row['description']) }),
  };
}

/** A SecureString read without decryption is no use to anybody, here as on AWS. */
export function describeParameter(parameter: Parameter, decrypt: boolean): object {
  const sealed = parameter.type === 'SecureString' && !decrypt;
  return {
    Name: parameter.name,
    Type: parameter.type,
    Value: sealed ? sealedValue(parameter.value) : parameter.value,
    Version: parameter.version,
    LastModifiedDate: parameter.modified_at / 1000,
    ARN: localArn('ssm', `parameter/${parameter.name.replace(/^\//, '')}`),
    DataType: 'text',
  };
}

function sealedValue(value: string): string {
  return `AQICAH${createHash('sha256').update(value).digest('base64')}`;
}
