import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { tableMissing } from './failure.ts';
import { indexColumns, itemRows, keyColumns, tableIndexes } from './table.ts';
import type { Index, Table } from './table.ts';
import type { Item } from './value.ts';

const SCHEMA = `
CREATE TABLE IF NOT EXISTS tables (
  number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, definition TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS stream (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, number INTEGER NOT NULL, shard INTEGER NOT NULL,
  at INTEGER NOT NULL, expired INTEGER NOT NULL, item_key TEXT NOT NULL, old TEXT, new TEXT
);
CREATE INDEX IF NOT EXISTS stream_by_shard ON stream (number, shard, sequence);
CREATE TABLE IF NOT EXISTS tokens (
  token TEXT PRIMARY KEY, request TEXT NOT NULL, at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tokens_by_age ON tokens (at);
`;

/** An item as it is kept: its row, and its JSON text parsed. */
export interface StoredItem {
  row: number;
  text: string;
  item: Item;
}

/**
 * Items, index rows and stream records in one SQLite file. What one `transaction` writes becomes
 * visible and durable together, so a process killed at any moment leaves whole transactions only
 * (WAL; synchronous=NORMAL survives a killed process, not a power cut).
 */
export class Store {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #tables = new Map<string, Table>();
  #inTransaction = false;

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    this.#database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;' +
        'PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000;',
    );
    this.#database.exec(SCHEMA);
    for (const row of this.prepare('SELECT number, definition FROM tables').all()) {
      const table = { ...JSON.parse(String(row['definition'])), number: Number(row['number']) };
      this.#tables.set(table.TableName, table);
    }
  }

  prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** Runs `work` in one SQLite transaction; whatever it throws undoes all of it. */
  transaction<T>(work: () => T): T {
    if (this.#inTransaction) return work();
    this.prepare('BEGIN IMMEDIATE').run();
    this.#inTransaction = true;
    try {
      const result = work();
      this.prepare('COMMIT').run();
      return result;
    } catch (error) {
      this.prepare('ROLLBACK').run();
      throw error;
    } finally {
      this.#inTransaction = false;
    }
  }

  tables(): readonly Table[] {
    return [...this.#tables.values()].sort((a, b) => (a.TableName < b.TableName ? -1 : 1));
  }

  find(name: string): Table | undefined {
    return this.#tables.get(name);
  }

  /** Throws ResourceNotFoundException. */
  table(name: string): Table {
    const table = this.#tables.get(name);
    if (table === undefined) throw tableMissing();
    return table;
  }

  addTable(definition: Omit<Table, 'number'>): Table {
    return this.transaction(() => {
      const { lastInsertRowid } = this.prepare(
        'INSERT INTO tables (name, definition) VALUES (?, ?)',
      ).run(definition.TableName, JSON.stringify(definition));
      const table: Table = { ...definition, number: Number(lastInsertRowid) };
      const rows = itemRows(table);
      this.#database.exec(
        `CREATE TABLE ${rows} (row INTEGER PRIMARY KEY, pk TEXT NOT NULL, sk TEXT NOT NULL,
           item TEXT NOT NULL, expires INTEGER, UNIQUE (pk, sk));
         CREATE INDEX ${rows}_expires ON ${rows} (expires) WHERE expires IS NOT NULL;`,
      );
      for (const index of tableIndexes(table)) this.addIndexRows(index);
      this.#tables.set(table.TableName, table);
      return table;
    });
  }

  addIndexRows(index: Index): void {
    this.#database.exec(
      `CREATE TABLE ${index.rows} (hash TEXT NOT NULL, range TEXT NOT NULL, pk TEXT NOT NULL,
         sk TEXT NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (hash, range, pk, sk)) WITHOUT ROWID`,
    );
  }

  /** Fills a new index from the items there are. */
  fillIndex(table: Table, index: Index): void {
    const insert = this.prepare(
      `INSERT INTO ${index.rows} (hash, range, pk, sk, row) VALUES (?, ?, ?, ?, ?)`,
    );
    for (const found of this.prepare(`SELECT row, item FROM ${itemRows(table)}`).all()) {
      const item = JSON.parse(found['item'] as string) as Item;
      const columns = indexColumns(item, index);
      if (columns === undefined) continue;
      insert.run(...columns, ...keyColumns(item, table.KeySchema), found['row'] as number);
    }
  }

  /** Computes every item's expiry again, when the TTL attribute was set or taken away. */
  refillExpiry(table: Table): void {
    const update = this.prepare(`UPDATE ${itemRows(table)} SET expires = ? WHERE row = ?`);
    for (const found of this.prepare(`SELECT row, item FROM ${itemRows(table)}`).all()) {
      const item = JSON.parse(found['item'] as string) as Item;
      update.run(expiresAt(item, table), found['row'] as number);
    }
  }

  dropIndexRows(index: Index): void {
    this.#forget(index.rows);
    this.#database.exec(`DROP TABLE ${index.rows}`);
  }

  /** Replaces what is known of a table; its rows stay. */
  saveTable(table: Table): void {
    const { number, ...definition } = table;
    this.prepare('UPDATE tables SET definition = ? WHERE number = ?').run(
      JSON.stringify(definition),
      number,
    );
    this.#tables.set(table.TableName, table);
  }

  dropTable(table: Table): void {
    this.transaction(() => {
      for (const index of tableIndexes(table)) this.dropIndexRows(index);
      this.#forget(itemRows(table));
      this.#database.exec(`DROP TABLE ${itemRows(table)}`);
      this.prepare('DELETE FROM stream WHERE number = ?').run(table.number);
      this.prepare('DELETE FROM tables WHERE number = ?').run(table.number);
    });
    this.#tables.delete(table.TableName);
  }

  /** The item under a key (or an item's own key); undefined where there is none. */
  read(table: Table, key: Item): StoredItem | undefined {
    const found = this.prepare(
      `SELECT row, item FROM ${itemRows(table)} WHERE pk = ? AND sk = ?`,
    ).get(...keyColumns(key, table.KeySchema));
    if (found === undefined) return undefined;
    const text = found['item'] as string;
    return { row: found['row'] as number, text, item: JSON.parse(text) as Item };
  }

  /** Writes (or, without `next`, removes) an item and its index rows; `old` is what `read` gave. */
  write(
    table: Table,
    key: Item,
    old: StoredItem | undefined,
    next: Item | undefined,
    text: string,
  ): void {
    const [pk, sk] = keyColumns(key, table.KeySchema);
    const rows = itemRows(table);
    let row = old?.row;
    if (next === undefined) {
      this.prepare(`DELETE FROM ${rows} WHERE row = ?`).run(row!);
    } else if (row === undefined) {
      const inserted = this.prepare(
        `INSERT INTO ${rows} (pk, sk, item, expires) VALUES (?, ?, ?, ?)`,
      ).run(pk, sk, text, expiresAt(next, table));
      row = Number(inserted.lastInsertRowid);
    } else {
      this.prepare(`UPDATE ${rows} SET item = ?, expires = ? WHERE row = ?`).run(
        text,
        expiresAt(next, table),
        row,
      );
    }
    for (const index of tableIndexes(table)) {
      const before = indexColumns(old?.item, index);
      const after = indexColumns(next, index);
      if (before?.[0] === after?.[0] && before?.[1] === after?.[1]) continue;
      if (before !== undefined) {
        this.prepare(
          `DELETE FROM ${index.rows} WHERE hash = ? AND range = ? AND pk = ? AND sk = ?`,
        ).run(...before, pk, sk);
      }
      if (after !== undefined) {
        this.prepare(
          `INSERT INTO ${index.rows} (hash, range, pk, sk, row) VALUES (?, ?, ?, ?, ?)`,
        ).run(...after, pk, sk, row!);
      }
    }
  }

  /** Items a SELECT of one column `item` finds, one by one; write nothing while it runs. */
  *items(sql: string, parameters: readonly SQLInputValue[]): Generator<Item> {
    for (const found of this.prepare(sql).iterate(...parameters)) {
      yield JSON.parse(found['item'] as string) as Item;
    }
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  /** Statements over a dropped table must not outlive it. */
  #forget(rows: string): void {
    for (const sql of this.#statements.keys()) if (sql.includes(rows)) this.#statements.delete(sql);
  }
}

/** Unix seconds of the TTL attribute; null where the item never expires. */
function expiresAt(item: Item, table: Table): number | null {
  const text = table.ttlAttribute === undefined ? undefined : item[table.ttlAttribute]?.N;
  if (text === undefined) return null;
  const seconds = Math.floor(Number(text));
  return Number.isSafeInteger(seconds) ? seconds : null;
}
