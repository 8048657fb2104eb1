import { describe, expect, it } from 'vitest';

import type { EventArchive } from '#shared/ports/event-archive.ts';

/** What every event archive keeps to; `open` gives an empty one. */
export function eventArchiveContract(name: string, open: () => Promise<EventArchive>): void {
  const keysOf = async (archive: EventArchive, prefix: string) => {
    const keys: string[] = [];
    for await (const page of archive.list(prefix)) keys.push(...page);
    return keys;
  };

  describe(`${name}: the event archive`, () => {
    it('gives back the bytes last put under a key', async () => {
      const archive = await open();
      await archive.put('archive/t1/a', Buffer.from('old'));
      await archive.put('archive/t1/a', new Uint8Array([0, 255, 10]));
      expect([...(await archive.get('archive/t1/a'))]).toEqual([0, 255, 10]);
      await expect(archive.get('archive/t1/b')).rejects.toMatchObject({ code: 'not_found' });
    });

    it('lists every key of a prefix, ascending, and no other', async () => {
      const archive = await open();
      const keys = Array.from({ length: 30 }, (_, n) => `archive/t1/${String(n).padStart(5, '0')}`);
      for (const key of keys.toReversed()) await archive.put(key, new Uint8Array(1));
      await archive.put('archive/t10/x', new Uint8Array(1));
      expect(await keysOf(archive, 'archive/t1/')).toEqual(keys);
      expect(await keysOf(archive, 'archive/none/')).toEqual([]);
    });
  });
}
