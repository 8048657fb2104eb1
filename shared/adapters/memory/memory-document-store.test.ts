import { documentStoreContract } from '#shared/testing/document-store-contract.ts';

import { createMemoryDocumentStore } from './memory-document-store.ts';
import { createMemoryJournalStore } from './memory-journal-store.ts';
import { createMemoryTables } from './memory-tables.ts';

documentStoreContract('memory', async () => {
  const tables = createMemoryTables();
  return {
    documents: createMemoryDocumentStore(tables),
    journal: createMemoryJournalStore(tables, () => 0),
  };
});
