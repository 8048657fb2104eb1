import { ACTIVITY_HOUR_MS } from '#shared/rule/activity-schema.ts';
import { useLocalDynamo } from '#shared/testing/local-dynamo.ts';
import {
  BUILT_HOUR,
  ruleActivityStoreContract,
} from '#shared/testing/rule-activity-store-contract.ts';

import { createDynamoRuleActivityStore } from './dynamo-rule-activity-store.ts';

const openAccess = useLocalDynamo();

ruleActivityStoreContract('DynamoDB', async () =>
  createDynamoRuleActivityStore(await openAccess(() => BUILT_HOUR * ACTIVITY_HOUR_MS)),
);
