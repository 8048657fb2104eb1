import { beforeEach, describe, expect, it } from 'vitest';

import { SentryError } from '#shared/kernel/error.ts';
import type { Lookup } from '#shared/lookup/schema.ts';
import type { LookupStore } from '#shared/ports/lookup-store.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';
import type { JournalStore } from '#shared/ports/work-store.ts';

import { buildEntry, buildOutbox } from './build-alert.ts';
import { buildLookup } from './build-lookup.ts';

/** A fresh store of lookup tables, the journal it writes into and the rule set it moves. */
export interface LookupStoreUnderTest {
  lookups: LookupStore;
  rules: Pick<RuleStore, 'ruleSetRevision'>;
  journal: JournalStore;
}

const TENANT = 't1';

/** What every LookupStore promises; each adapter's test calls it with a fresh store per case. */
export function lookupStoreContract(name: string, make: () => Promise<LookupStoreUnderTest>): void {
  describe(`${name} keeps the lookup store contract`, () => {
    let lookups: LookupStore;
    let rules: LookupStoreUnderTest['rules'];
    let journal: JournalStore;
    beforeEach(async () => {
      ({ lookups, rules, journal } = await make());
    });

    const save = (lookup: Lookup, tenant = TENANT) =>
      lookups.save(tenant, { lookup, expected: lookup.version - 1, journal: [], outbox: [] });

    it('has nothing before anything was saved', async () => {
      expect(await lookups.list(TENANT)).toEqual([]);
      expect(await lookups.get(TENANT, 'vip-users')).toBeUndefined();
    });

    it('gives a table back exactly, whatever its keys', async () => {
      const lookup = buildLookup({
        keys: [
          '',
          '#',
          '__proto__',
          'constructor',
          'half a pair \ud800',
          'NUL \u0000',
          '🦉',
          '1e400',
        ],
        removed_at: undefined,
      });
      delete lookup.removed_at;
      await save(lookup);
      expect(JSON.stringify(await lookups.get(TENANT, 'vip-users'))).toBe(JSON.stringify(lookup));
    });

    it('keeps a megabyte of keys in order, and lists the table without them', async () => {
      const keys = Array.from({ length: 10_000 }, (_, at) => `${at}-é${'x'.repeat(90)}`).sort();
      await save(buildLookup({ keys }));
      expect((await lookups.get(TENANT, 'vip-users'))!.keys).toEqual(keys);
      const { keys: _keys, ...head } = buildLookup({ keys });
      expect(await lookups.list(TENANT)).toEqual([head]);
    });

    it('gives only the keys of the newest version, after more and after fewer, and none once removed', async () => {
      const many = Array.from({ length: 5_000 }, (_, at) => `${'y'.repeat(80)}${at}`).sort();
      const versions = [many, ['one'], [...many, 'z'], ['two', 'three'], []];
      for (const [index, keys] of versions.entries()) {
        await save(buildLookup({ version: index + 1, keys }));
        expect(await lookups.get(TENANT, 'vip-users')).toMatchObject({ version: index + 1, keys });
      }
    });

    it('lists tables by name, apart by tenant', async () => {
      await save(buildLookup({ name: 'b' }));
      await save(buildLookup({ name: 'a' }));
      await save(buildLookup({ name: 'c' }), 't2');
      expect((await lookups.list(TENANT)).map((head) => head.name)).toEqual(['a', 'b']);
      expect(await lookups.get(TENANT, 'c')).toBeUndefined();
      expect(await lookups.list('t')).toEqual([]);
    });

    it('does not take the rows of a longer name for its own', async () => {
      await save(buildLookup({ name: 'vip', keys: ['short'] }));
      await save(buildLookup({ name: 'vip-0', keys: ['long'] }));
      expect((await lookups.get(TENANT, 'vip'))!.keys).toEqual(['short']);
    });

    it('moves the rule set to a new revision with every save, and only then', async () => {
      await save(buildLookup());
      expect(await rules.ruleSetRevision(TENANT)).toBe(1);
      await save(buildLookup({ version: 2, keys: ['ada'] }));
      expect(await rules.ruleSetRevision(TENANT)).toBe(2);
      await expect(save(buildLookup({ version: 2, keys: ['late'] }))).rejects.toThrow(SentryError);
      expect(await rules.ruleSetRevision(TENANT)).toBe(2);
    });

    it('refuses a save over another version with the stored head, and writes nothing of it', async () => {
      await save(buildLookup());
      const entry = buildEntry({ entry_id: 'lost', subject: { kind: 'lookup', id: 'vip-users' } });
      for (const expected of [0, 2]) {
        const lookup = buildLookup({ version: expected + 1, keys: ['late'] });
        const refused = lookups.save(TENANT, { lookup, expected, journal: [entry], outbox: [] });
        await expect(refused).rejects.toMatchObject({
          code: 'conflict',
          current: { name: 'vip-users', version: 1, size: 2 },
        });
      }
      expect((await lookups.get(TENANT, 'vip-users'))!.keys).toEqual(['ada', 'grace']);
      const { items } = await journal.listEntries(TENANT, entry.subject, { limit: 10 });
      expect(items).toEqual([]);
    });

    it('lets exactly one of several writers of one version win', async () => {
      const writers = ['a', 'b', 'c', 'd'].map((key) => save(buildLookup({ keys: [key] })));
      const results = await Promise.allSettled(writers);
      const winner = results.findIndex(({ status }) => status === 'fulfilled');
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect((await lookups.get(TENANT, 'vip-users'))!.keys).toEqual(['abcd'[winner]]);
    });

    it('writes journal and outbox with the table', async () => {
      const entry = buildEntry({
        entry_id: 'e-lookup',
        subject: { kind: 'lookup', id: 'vip-users' },
        action: 'lookup.create',
      });
      const row = buildOutbox({ outbox_id: 'o-lookup' });
      await lookups.save(TENANT, {
        lookup: buildLookup(),
        expected: 0,
        journal: [entry],
        outbox: [row],
      });
      const { items } = await journal.listEntries(TENANT, entry.subject, { limit: 10 });
      expect(items).toEqual([entry]);
      const shards = Array.from({ length: 16 }, (_, shard) => shard);
      const outbox = await Promise.all(
        shards.map((shard) => journal.listOutbox(shard, '9999-01-01T00:00:00.000Z', 10)),
      );
      expect(outbox.flat()).toEqual([row]);
    });
  });
}
