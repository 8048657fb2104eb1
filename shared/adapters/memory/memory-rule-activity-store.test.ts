import { ruleActivityStoreContract } from '#shared/testing/rule-activity-store-contract.ts';

import { createMemoryRuleActivityStore } from './memory-rule-activity-store.ts';

ruleActivityStoreContract('memory', async () => createMemoryRuleActivityStore());
