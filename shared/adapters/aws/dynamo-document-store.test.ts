import { BUILT_AT } from '#shared/testing/build-alert.ts';
import { documentStoreContract } from '#shared/testing/document-store-contract.ts';
import { useLocalDynamo } from '#shared/testing/local-dynamo.ts';

import { createDynamoDocumentStore } from './dynamo-document-store.ts';
import { createDynamoJournalStore } from './dynamo-journal-store.ts';

const openAccess = useLocalDynamo();

documentStoreContract('DynamoDB', async () => {
  const access = await openAccess(() => Date.parse(BUILT_AT));
  return {
    documents: createDynamoDocumentStore(access, 'NOTES'),
    journal: createDynamoJournalStore(access),
  };
});
