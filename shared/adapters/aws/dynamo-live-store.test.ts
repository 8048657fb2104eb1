import { describe } from 'vitest';

import { idempotencyStoreContract } from '#shared/testing/idempotency-store-contract.ts';
import { liveStoreContract } from '#shared/testing/live-store-contract.ts';
import { useLocalDynamo } from '#shared/testing/local-dynamo.ts';

import { createDynamoIdempotencyStore } from './dynamo-idempotency-store.ts';
import { createDynamoLiveStore } from './dynamo-live-store.ts';

const openAccess = useLocalDynamo();

describe('the live store on DynamoDB', () => {
  liveStoreContract(async () => createDynamoLiveStore(await openAccess()));
});
describe('the idempotency store on DynamoDB', () => {
  idempotencyStoreContract(async () => createDynamoIdempotencyStore(await openAccess()));
});
