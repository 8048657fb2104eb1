import { configStoreContract } from '#shared/testing/config-store-contract.ts';

import { createMemoryChannelStore } from './memory-channel-store.ts';

configStoreContract('memory', async () => ({
  channels: createMemoryChannelStore(),
}));
