import { configStoreContract } from '#shared/testing/config-store-contract.ts';
import { useLocalDynamo } from '#shared/testing/local-dynamo.ts';

import { createDynamoChannelStore } from './dynamo-channel-store.ts';

const openAccess = useLocalDynamo();

configStoreContract('DynamoDB', async () => {
  const access = await openAccess();
  return { channels: createDynamoChannelStore(access) };
});
