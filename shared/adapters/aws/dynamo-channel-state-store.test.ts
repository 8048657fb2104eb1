import { describe } from 'vitest';

import { channelStateStoreContract } from '#shared/testing/channel-state-store-contract.ts';
import { useLocalDynamo } from '#shared/testing/local-dynamo.ts';

import { createDynamoChannelStateStore } from './dynamo-channel-state-store.ts';

const NOW = Date.now();
const openAccess = useLocalDynamo();

describe('channel state on DynamoDB', () => {
  channelStateStoreContract(async () => ({
    store: createDynamoChannelStateStore(await openAccess(() => NOW)),
    now: NOW,
  }));
});
