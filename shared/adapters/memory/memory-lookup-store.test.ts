import { lookupStoreContract } from '#shared/testing/lookup-store-contract.ts';

import { createMemoryJournalStore } from './memory-journal-store.ts';
import { createMemoryLookupStore } from './memory-lookup-store.ts';
import { createMemoryTables } from './memory-tables.ts';

lookupStoreContract('memory', async () => {
  const tables = createMemoryTables();
  let revision = 0;
  return {
    lookups: createMemoryLookupStore(tables, () => revision++),
    rules: { ruleSetRevision: async () => revision },
    journal: createMemoryJournalStore(tables, () => 0),
  };
});
