import { beforeEach, describe, expect, it } from 'vitest';

import type { Document, DocumentStore } from '#shared/ports/document-store.ts';
import type { JournalStore } from '#shared/ports/work-store.ts';

import { buildEntry, buildOutbox } from './build-alert.ts';

interface Note extends Document {
  text: string;
  any?: unknown;
}

/** What every DocumentStore promises; each adapter's test calls it with a fresh store per case. */
export function documentStoreContract(
  name: string,
  make: () => Promise<{ documents: DocumentStore<Note>; journal: JournalStore }>,
): void {
  describe(`${name} keeps the document store contract`, () => {
    let documents: DocumentStore<Note>;
    let journal: JournalStore;
    beforeEach(async () => {
      ({ documents, journal } = await make());
    });
    const save = (id: string, document: Note, tenant = 't1') =>
      documents.save(tenant, {
        id,
        document,
        expected: document.version - 1,
        journal: [],
        outbox: [],
      });

    it('gives a document back exactly, whatever keys it holds', async () => {
      const any = JSON.parse('{"__proto__":1,"constructor":[null],"":"\\ud800"}') as unknown;
      await save('a', { version: 1, text: 'x', any });
      expect(JSON.stringify(await documents.get('t1', 'a'))).toBe(
        JSON.stringify({ version: 1, text: 'x', any }),
      );
    });

    it('lists the newest versions by id, without what was removed, and keeps every version', async () => {
      await save('b', { version: 1, text: 'b1' });
      await save('a', { version: 1, text: 'a1' });
      await save('a', { version: 2, text: 'a2' });
      await save('c', { version: 1, text: 'c1' });
      await save('c', { version: 2, text: 'c1', removed: true });
      expect((await documents.list('t1')).map(({ text }) => text)).toEqual(['a2', 'b1']);
      expect(await documents.get('t1', 'c')).toMatchObject({ version: 2, removed: true });
      expect((await documents.versions('t1', 'a')).map(({ text }) => text)).toEqual(['a2', 'a1']);
    });

    it('lets exactly one of several writers of one version win, and tells the others what stands', async () => {
      await save('a', { version: 1, text: 'first' });
      const writers = ['x', 'y', 'z'].map((text) => save('a', { version: 2, text }));
      const ends = await Promise.allSettled(writers);
      expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const current = await documents.get('t1', 'a');
      await expect(save('a', { version: 1, text: 'late' })).rejects.toMatchObject({
        code: 'conflict',
        current,
      });
      expect(await documents.versions('t1', 'a')).toHaveLength(2);
    });

    it('writes journal and outbox with the document, or nothing', async () => {
      const entry = buildEntry({ entry_id: 'e1', subject: { kind: 'note', id: 'a' } });
      const change = {
        id: 'a',
        document: { version: 1, text: 'x' },
        expected: 0,
        journal: [entry],
        outbox: [buildOutbox({ outbox_id: 'o1' })],
      };
      await documents.save('t1', change);
      const late = { ...change, document: { version: 1, text: 'late' } };
      const refused = documents.save('t1', { ...late, journal: [{ ...entry, entry_id: 'e2' }] });
      await expect(refused).rejects.toMatchObject({ code: 'conflict' });
      const { items } = await journal.listEntries(entry.tenant, entry.subject, { limit: 10 });
      expect(items).toEqual([entry]);
    });

    it('keeps tenants apart', async () => {
      await save('a', { version: 1, text: 'of t1' });
      await save('a', { version: 1, text: 'of t2' }, 't2');
      expect((await documents.list('t2')).map(({ text }) => text)).toEqual(['of t2']);
      expect(await documents.list('t')).toEqual([]);
    });
  });
}
