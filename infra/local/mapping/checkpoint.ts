import { openDatabase } from '#infra/local/wire/database.ts';

/** How far each mapping has come in each shard; kept over restarts. */
export interface Checkpoints {
  /** Sequence number of the last finished record; undefined = start at TRIM_HORIZON. */
  read(mapping: string, shardId: string): string | undefined;
  /** Durable against the death of the process on return. */
  write(mapping: string, shardId: string, sequenceNumber: string): void;
  close(): void;
}

const SCHEMA = `CREATE TABLE IF NOT EXISTS checkpoints (
  mapping TEXT NOT NULL, shard TEXT NOT NULL, sequence TEXT NOT NULL, PRIMARY KEY (mapping, shard)
) WITHOUT ROWID`;

/** Checkpoints of all mappings in one SQLite file (or `:memory:`). */
export function openCheckpoints(file: string): Checkpoints {
  const database = openDatabase(file, SCHEMA);
  const read = database.prepare('SELECT sequence FROM checkpoints WHERE mapping = ? AND shard = ?');
  const write = database.prepare('INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?)');
  return {
    read(mapping, shardId) {
      const row = read.get(mapping, shardId);
      return row === undefined ? undefined : String(row['sequence']);
    },
    write: (mapping, shardId, sequenceNumber) => void write.run(mapping, shardId, sequenceNumber),
    close: () => void (database.isOpen && database.close()),
  };
}
