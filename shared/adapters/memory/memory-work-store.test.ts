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
