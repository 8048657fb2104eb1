import { beforeEach, describe, expect, it } from 'vitest';

import { createMemoryDocumentStore } from '#shared/adapters/memory/memory-document-store.ts';
import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import type { Document, DocumentStore } from '#shared/ports/document-store.ts';
import { buildAlert, BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildInhibition, buildSilence } from '#shared/testing/build-silence.ts';

import type { ResponseStores } from './read-rules.ts';
import { rememberRules } from './remember-rules.ts';
import { NO_RESPONSE } from './rules.ts';
import { createRulesCache } from './rules-cache.ts';

let stores: ResponseStores;
let saves: number;
let lists: number;
let meanwhile: (() => Promise<void>) | undefined;
const revisions = { latest: async (tenant: string) => `${tenant} ${saves}` };
const tables = createMemoryTables();
const work = createMemoryWorkStore(tables, () => Date.parse(BUILT_AT));

/** A store that counts what is read of it and moves the revision with every save. */
function counted<Kind extends Document>(): DocumentStore<Kind> {
  const store = createMemoryDocumentStore<Kind>(tables);
  return {
    ...store,
    async list(tenant) {
      lists++;
      const found = await store.list(tenant);
      await meanwhile?.();
      return found;
    },
    async save(tenant, change) {
      await store.save(tenant, change);
      saves++;
    },
  };
}

const save = <Kind extends Document>(store: DocumentStore<Kind>, id: string, document: Kind) =>
  store.save('t1', { id, document, expected: document.version - 1, journal: [], outbox: [] });
const silencesOf = async (read: ReturnType<typeof createRulesCache>, tenant = 't1') =>
  (await read(tenant)).silences.map(({ silence_id }) => silence_id);

beforeEach(() => {
  saves = 0;
  lists = 0;
  meanwhile = undefined;
  stores = {
    policies: counted(),
    schedules: counted(),
    silences: counted(),
    maintenance: counted(),
    inhibitions: counted(),
    incidentSettings: counted(),
    services: counted(),
    work,
  };
});

describe('rules that are kept', () => {
  it('are read once however often they are asked for, while nobody saves any', async () => {
    const read = createRulesCache(stores, revisions);
    const first = await read('t1');
    const before = lists;
    expect(await read('t1')).toEqual(first);
    expect(lists).toBe(before);
  });

  it('have a silence from the moment its author was answered', async () => {
    const read = createRulesCache(stores, revisions);
    expect(await silencesOf(read)).toEqual([]);
    await save(stores.silences, 'deploy', buildSilence());
    expect(await silencesOf(read)).toEqual(['deploy']);
    await save(stores.silences, 'deploy', { ...buildSilence(), version: 2, removed: true });
    expect(await silencesOf(read)).toEqual([]);
  });

  it('that were saved while they were read are read again', async () => {
    const read = createRulesCache(stores, revisions);
    meanwhile = async () => {
      meanwhile = undefined;
      await save(stores.silences, 'deploy', buildSilence());
    };
    await read('t1');
    expect(await silencesOf(read)).toEqual(['deploy']);
  });

  it('of one tenant are not those of another', async () => {
    const read = createRulesCache(stores, revisions);
    await save(stores.silences, 'deploy', buildSilence());
    expect(await silencesOf(read)).toEqual(['deploy']);
    expect(await silencesOf(read, 't2')).toEqual([]);
  });

  it('are not served while nobody can tell whether they still hold', async () => {
    let down = false;
    const latest = () => (down ? Promise.reject(new Error('throttled')) : Promise.resolve('1'));
    const read = createRulesCache(stores, { latest });
    await read('t1');
    down = true;
    await expect(read('t1')).rejects.toThrow('throttled');
  });

  it('say afresh each time which alerts inhibit others', async () => {
    const read = createRulesCache(stores, revisions);
    await save(stores.inhibitions, 'database-down', buildInhibition());
    expect((await read('t1')).inhibitors).toEqual([]);
    const row = buildAlert({ rule_id: 'database-down' });
    await work.commit({
      changes: [{ kind: 'alert', row, expected: 0 }],
      journal: [],
      outbox: [],
    });
    expect((await read('t1')).inhibitors).toHaveLength(1);
  });
});

describe('rules that a run remembers', () => {
  it('are read again after a second, after the clock went back, and after a failure', async () => {
    let [now, reads, down] = [0, 0, false];
    const read = rememberRules(
      async () => {
        reads++;
        if (down) throw new Error('throttled');
        return NO_RESPONSE;
      },
      { now: () => now },
    );
    await read('t1');
    now = 999;
    await read('t1');
    expect(reads).toBe(1);
    now = 1_000;
    await read('t1');
    expect(reads).toBe(2);
    now = 0;
    down = true;
    await expect(read('t1')).rejects.toThrow('throttled');
    down = false;
    await read('t1');
    expect(reads).toBe(4);
  });
});
