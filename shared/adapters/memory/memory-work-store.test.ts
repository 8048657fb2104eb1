import { expect, it } from 'vitest';

import { buildAlert } from '#shared/testing/build-alert.ts';
import { workStoreContract } from '#shared/testing/work-store-contract.ts';

import { createMemoryJournalStore } from './memory-journal-store.ts';
import { createMemoryTables } from './memory-tables.ts';
import { createMemoryWorkStore } from './memory-work-store.ts';

workStoreContract('memory', async () => {
  const tables = createMemoryTables();
  const clock = { now: 0 };
  const now = () => clock.now;
  return {
    work: createMemoryWorkStore(tables, now),
    journal: createMemoryJournalStore(tables, now),
    clock,
  };
});

it('takes no row whose revision is not the one after the expected', async () => {
  const tables = createMemoryTables();
  const work = createMemoryWorkStore(tables, () => 0);
  const change = { kind: 'alert', row: buildAlert({ revision: 1 }), expected: 1 } as const;
  const wrong = work.commit({ changes: [change], journal: [], outbox: [] });
  await expect(wrong).rejects.toMatchObject({ code: 'internal' });
  expect(tables.alerts.size).toBe(0);
});
