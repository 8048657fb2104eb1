import { configStoreContract } from '#shared/testing/config-store-contract.ts';

import { createMemoryChannelStore } from './memory-channel-store.ts';
import { createMemoryPolicyStore } from './memory-policy-store.ts';

configStoreContract('memory', async () => ({
  channels: createMemoryChannelStore(),
  policies: createMemoryPolicyStore(),
}));
