import { describe } from 'vitest';

import { canaryStoreContract } from '#shared/testing/canary-store-contract.ts';
import { useLocalDynamo } from '#shared/testing/local-dynamo.ts';

import { createDynamoCanaryStore } from './dynamo-canary-store.ts';

const openAccess = useLocalDynamo();

describe('canaries on DynamoDB', () => {
  canaryStoreContract(async () => createDynamoCanaryStore(await openAccess(() => Date.now())));
});
