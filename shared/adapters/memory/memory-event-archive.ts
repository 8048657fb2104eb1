import { SentryError } from '#shared/kernel/error.ts';
import type { EventArchive } from '#shared/ports/event-archive.ts';

/** An EventArchive in memory, for tests; `objects` may be looked into and broken. */
export function createMemoryEventArchive(): EventArchive & { objects: Map<string, Uint8Array> } {
  const objects = new Map<string, Uint8Array>();
  return {
    objects,
    async put(objectKey, bytes) {
      objects.set(objectKey, bytes);
    },
    async *list(prefix) {
      yield [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    },
    async get(objectKey) {
      const bytes = objects.get(objectKey);
      if (!bytes) throw new SentryError('not_found', 'The archive object is gone.');
      return bytes;
    },
  };
}
