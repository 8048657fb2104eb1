import { describe } from 'vitest';

import { idempotencyStoreContract } from '#shared/testing/idempotency-store-contract.ts';
import { liveStoreContract } from '#shared/testing/live-store-contract.ts';

import { createMemoryIdempotencyStore } from './memory-idempotency-store.ts';
import { createMemoryLiveStore } from './memory-live-store.ts';

describe('the live store in memory', () => {
  liveStoreContract(createMemoryLiveStore);
});
describe('the idempotency store in memory', () => {
  idempotencyStoreContract(createMemoryIdempotencyStore);
});
