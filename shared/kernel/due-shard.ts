import { createHash } from 'node:crypto';

/** Partitions of every sparse `due` index; a sweeper asks for each. */
export const DUE_SHARDS = 16;

/** The `due` partition, 0…15, of everything that belongs to one alert or outbox id. */
export function dueShard(id: string): number {
  return createHash('sha256').update(id).digest()[0]! % DUE_SHARDS;
}
