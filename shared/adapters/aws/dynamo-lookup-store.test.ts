import { BUILT_AT } from '#shared/testing/build-alert.ts';
import { useLocalDynamo } from '#shared/testing/local-dynamo.ts';
import { lookupStoreContract } from '#shared/testing/lookup-store-contract.ts';

import { createDynamoJournalStore } from './dynamo-journal-store.ts';
import { createDynamoLookupStore } from './dynamo-lookup-store.ts';
import { createDynamoRuleStore } from './dynamo-rule-store.ts';

const open = useLocalDynamo();

lookupStoreContract('DynamoDB', async () => {
  const access = await open(() => Date.parse(BUILT_AT));
  return {
    lookups: createDynamoLookupStore(access),
    rules: createDynamoRuleStore(access),
    journal: createDynamoJournalStore(access),
  };
});
