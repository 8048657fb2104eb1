import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { makeScratch } from '#infra/local/conformance-server.ts';
import { seededChance } from '#infra/simulator/random.ts';

import { openDatabase, transact } from './database.ts';

const SCHEMA = 'CREATE TABLE IF NOT EXISTS fact (n INTEGER, body TEXT)';
const ROWS = 300;
const CUTS = 25;
const scratch = makeScratch();
afterAll(() => scratch.remove());

/** The numbers of the rows that a store holds, in order. */
function rowsOf(file: string): number[] {
  const database = openDatabase(file, SCHEMA);
  try {
    return database
      .prepare('SELECT n FROM fact ORDER BY rowid')
      .all()
      .map(({ n }) => Number(n));
  } finally {
    database.close();
  }
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe('F23: a store whose power or disk fails', () => {
  it('holds a prefix of what was written, wherever its log is cut, and all of it when it is not', () => {
    const file = join(scratch.directory, 'cut.sqlite');
    const database = openDatabase(file, SCHEMA);
    // Nothing is folded into the main file, so that the log holds all of it.
    database.exec('PRAGMA wal_autocheckpoint = 0');
    const insert = database.prepare('INSERT INTO fact VALUES (?, ?)');
    for (const n of upTo(ROWS)) transact(database, () => insert.run(n, `fact ${n}`));
    const bytes = statSync(`${file}-wal`).size;
    const chance = seededChance(23).next;
    const cuts = Array.from({ length: CUTS }, () => Math.floor(chance() * bytes));
    const held = [...cuts, bytes]
      .sort((a, b) => a - b)
      .map((cut, index) => {
        const directory = join(scratch.directory, `cut-${index}`);
        mkdirSync(directory);
        const copy = join(directory, 'cut.sqlite');
        copyFileSync(file, copy);
        copyFileSync(`${file}-wal`, `${copy}-wal`);
        truncateSync(`${copy}-wal`, cut);
        const rows = rowsOf(copy);
        expect(rows).toEqual(upTo(rows.length));
        return rows.length;
      });
    database.close();
    expect(held).toEqual(held.toSorted((a, b) => a - b));
    expect(new Set(held).size).toBeGreaterThan(CUTS / 2);
    expect(held.at(-1)).toBe(ROWS);
  });

  it.skipIf(process.platform === 'win32')(
    'says so when the disk is full, and has every row it answered for',
    () => {
      const file = join(scratch.directory, 'full.sqlite');
      const script = join(import.meta.dirname, 'fixture/fill-disk.ts');
      // No file of the process may grow beyond so many blocks: what a full disk does to a writer.
      const command = 'ulimit -f 2000; exec "$0" "$1" "$2"';
      const said = execFileSync('sh', ['-c', command, process.execPath, script, file], {
        encoding: 'utf8',
      });
      const lines = said.trim().split('\n');
      expect(lines.at(-1)).toMatch(/^refused: .*(full|I\/O)/);
      const answered = lines.slice(0, -1).map(Number);
      expect(answered.length).toBeGreaterThan(50);
      const rows = rowsOf(file);
      expect(rows.slice(0, answered.length)).toEqual(answered);
      expect(rows).toEqual(upTo(rows.length));
    },
  );
});
