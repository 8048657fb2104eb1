import { describe, expect, it } from 'vitest';

import { createMemoryLookupStore } from '#shared/adapters/memory/memory-lookup-store.ts';
import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { buildContext } from '#shared/testing/build-context.ts';

import { getLookup, listLookups } from './list-lookups.ts';
import { removeLookup } from './remove-lookup.ts';
import { saveLookup } from './save-lookup.ts';

function open(scopes?: readonly string[]) {
  const clock = { now: Date.parse('2026-11-23T12:00:00.000Z') };
  const tables = createMemoryTables();
  const lookups = createMemoryLookupStore(tables, () => {});
  const rules = { list: async () => [] };
  const context = {
    ...buildContext(clock),
    ...(scopes && { scopes: new Set(scopes) }),
  } as ReturnType<typeof buildContext>;
  const save = (keys: string[], more = {}) =>
    saveLookup(lookups, context, { name: 'vips', keys, ...more });
  const journal = () => [...tables.journal.values()].map(({ row }) => row);
  return { clock, tables, lookups, rules, context, save, journal };
}

describe('lookup tables', () => {
  it('are versioned, each change with its author, reason and counts in the journal, never its keys', async () => {
    const { save, journal, tables } = open();
    await save(['ada', 'bo'], { description: 'who must not wait', reason: 'first list' });
    const second = await save(['bo', 'cy', 'di'], { reason: 'new hires' });
    expect(second).toMatchObject({ version: 2, size: 3, description: 'who must not wait' });
    expect(journal()).toMatchObject([
      {
        action: 'lookup.create',
        reason: 'first list',
        after: { version: 1, added: 2, removed: 0 },
      },
      {
        action: 'lookup.update',
        subject: { kind: 'lookup', id: 'vips' },
        reason: 'new hires',
        before: { version: 1, size: 2 },
        after: { version: 2, size: 3, added: 2, removed: 1 },
      },
    ]);
    expect(JSON.stringify(journal())).not.toContain('"cy"');
    expect([...tables.outbox.values()].map((row) => row.envelope.type)).toEqual([
      'lookup.saved',
      'lookup.saved',
    ]);
  });

  it('saved as they stand change nothing', async () => {
    const { save, journal } = open();
    const first = await save(['ada']);
    expect(await save(['ada'], { reason: 'again' })).toEqual(first);
    expect(journal()).toHaveLength(1);
  });

  it('are not overwritten by who saw another version', async () => {
    const { save } = open();
    await save(['ada']);
    await expect(save(['bo'], { if_version: 3 })).rejects.toMatchObject({
      code: 'precondition_failed',
      current: { version: 1, size: 1 },
    });
    expect(await save(['bo'], { if_version: 1 })).toMatchObject({ version: 2 });
  });

  it('taken away are gone from lists, and come back as a new table that counts on', async () => {
    const { save, context, lookups, rules, journal } = open();
    await save(['ada'], { description: 'old' });
    await removeLookup({ lookups, rules }, context, 'vips', { reason: 'unused' });
    expect(await listLookups(lookups, context)).toEqual([]);
    await expect(getLookup(lookups, context, 'vips')).rejects.toMatchObject({ code: 'not_found' });
    await expect(removeLookup({ lookups, rules }, context, 'vips')).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await save(['bo'])).toMatchObject({ version: 3, description: '', keys: ['bo'] });
    expect(journal().map(({ action }) => action)).toEqual([
      'lookup.create',
      'lookup.remove',
      'lookup.create',
    ]);
  });

  it.each([['Vips'], [''], ['a b'], ['../x'], ['x'.repeat(65)]])(
    'of the name %j are refused',
    async (name) => {
      const { context, lookups } = open();
      await expect(saveLookup(lookups, context, { name, keys: ['a'] })).rejects.toMatchObject({
        code: 'invalid_input',
        issues: [{ path: 'name' }],
      });
    },
  );

  it('are read and written only by who may', async () => {
    const { context, lookups, rules, save } = open(['sentry.alert.read']);
    const forbidden = { code: 'forbidden' };
    await expect(save(['a'])).rejects.toMatchObject(forbidden);
    await expect(listLookups(lookups, context)).rejects.toMatchObject(forbidden);
    await expect(getLookup(lookups, context, 'vips')).rejects.toMatchObject(forbidden);
    await expect(removeLookup({ lookups, rules }, context, 'vips')).rejects.toMatchObject(
      forbidden,
    );
  });
});
