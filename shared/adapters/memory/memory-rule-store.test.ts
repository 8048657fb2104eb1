import { ruleStoreContract } from '#shared/testing/rule-store-contract.ts';

import { createMemoryJournalStore } from './memory-journal-store.ts';
import { createMemoryRuleStore } from './memory-rule-store.ts';
import { createMemoryTables } from './memory-tables.ts';

ruleStoreContract('memory', async () => {
  const tables = createMemoryTables();
  return {
    rules: createMemoryRuleStore(tables),
    journal: createMemoryJournalStore(tables, () => 0),
  };
});
