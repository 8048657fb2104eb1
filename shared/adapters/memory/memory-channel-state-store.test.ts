import { describe } from 'vitest';

import { channelStateStoreContract } from '#shared/testing/channel-state-store-contract.ts';

import { createMemoryChannelStateStore } from './memory-channel-state-store.ts';

const NOW = Date.parse('2026-03-01T12:34:56.000Z');

describe('channel state in memory', () => {
  channelStateStoreContract(async () => ({
    store: createMemoryChannelStateStore(() => NOW),
    now: NOW,
  }));
});
