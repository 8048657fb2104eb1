import { describe } from 'vitest';

import { deadDeliveryStoreContract } from '#shared/testing/dead-delivery-store-contract.ts';
import { useLocalDynamo } from '#shared/testing/local-dynamo.ts';

import { createDynamoDeadDeliveryStore } from './dynamo-dead-delivery-store.ts';
import { createDynamoWorkStore } from './dynamo-work-store.ts';

const openAccess = useLocalDynamo();

describe('dead deliveries on DynamoDB', () => {
  deadDeliveryStoreContract(async () => {
    const access = await openAccess();
    return { dead: createDynamoDeadDeliveryStore(access), work: createDynamoWorkStore(access) };
  });
});
