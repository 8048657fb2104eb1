import { BUILT_AT } from '#shared/testing/build-alert.ts';
import { detectorLedgerContract } from '#shared/testing/detector-ledger-contract.ts';
import { useLocalDynamo } from '#shared/testing/local-dynamo.ts';

import { createDynamoLaneStore } from './dynamo-lane-store.ts';
import { createDynamoSeriesCensusStore } from './dynamo-series-census-store.ts';

const open = useLocalDynamo();

detectorLedgerContract('DynamoDB', async () => {
  const access = await open(() => Date.parse(BUILT_AT));
  return { lanes: createDynamoLaneStore(access), census: createDynamoSeriesCensusStore(access) };
});
