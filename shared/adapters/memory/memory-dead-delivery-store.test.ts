import { describe } from 'vitest';

import { BUILT_AT } from '#shared/testing/build-alert.ts';
import { deadDeliveryStoreContract } from '#shared/testing/dead-delivery-store-contract.ts';

import { createMemoryDeadDeliveryStore } from './memory-dead-delivery-store.ts';
import { createMemoryTables } from './memory-tables.ts';
import { createMemoryWorkStore } from './memory-work-store.ts';

const now = () => Date.parse(BUILT_AT);

describe('dead deliveries in memory', () => {
  deadDeliveryStoreContract(async () => {
    const tables = createMemoryTables();
    return {
      dead: createMemoryDeadDeliveryStore(tables, now),
      work: createMemoryWorkStore(tables, now),
    };
  });
});
