import { SentryError } from '#shared/kernel/error.ts';
import type { QuarantineStore } from '#shared/ports/quarantine-store.ts';
import type { QuarantineRow } from '#shared/quarantine/schema.ts';

/** A quarantine in memory, for tests and rule test runs. */
export function createMemoryQuarantineStore(): QuarantineStore {
  const rows = new Map<string, QuarantineRow>();
  const objects = new Map<string, Uint8Array>();
  return {
    async get(tenant, id) {
      const row = rows.get(`${tenant}/${id}`);
      return row && structuredClone(row);
    },
    async put(row, expected) {
      const key = `${row.tenant}/${row.quarantine_id}`;
      if ((rows.get(key)?.revision ?? 0) !== expected)
        throw new SentryError('conflict', 'The quarantine row has changed.');
      rows.set(key, structuredClone(row));
    },
    async list(tenant, page) {
      const mine = [...rows.values()]
        .filter((row) => row.tenant === tenant)
        .sort((a, b) => (sortKey(a) < sortKey(b) ? 1 : -1));
      const start = page.cursor ? mine.findIndex((row) => sortKey(row) < page.cursor!) : 0;
      const items = start < 0 ? [] : mine.slice(start, start + page.limit);
      const last = items.at(-1);
      const more = last && mine.at(-1) !== last;
      return { items: structuredClone(items), ...(more && { cursor: sortKey(last) }) };
    },
    async putBytes(objectKey, bytes) {
      objects.set(objectKey, bytes.slice());
    },
    async getBytes(objectKey) {
      const bytes = objects.get(objectKey);
      if (!bytes) throw new SentryError('not_found', 'The raw bytes are gone.');
      return bytes;
    },
  };
}

function sortKey(row: QuarantineRow): string {
  return `${row.last_seen}#${row.quarantine_id}`;
}
