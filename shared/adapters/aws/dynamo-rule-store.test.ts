import { expect, it } from 'vitest';

import { BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildRule } from '#shared/testing/build-rule.ts';
import { useLocalDynamo } from '#shared/testing/local-dynamo.ts';
import { ruleStoreContract } from '#shared/testing/rule-store-contract.ts';

import { createDynamoJournalStore } from './dynamo-journal-store.ts';
import { createDynamoRuleStore } from './dynamo-rule-store.ts';

const openAccess = useLocalDynamo();
const open = () => openAccess(() => Date.parse(BUILT_AT));

ruleStoreContract('DynamoDB', async () => {
  const access = await open();
  return { rules: createDynamoRuleStore(access), journal: createDynamoJournalStore(access) };
});

it('takes its own write for done when the answer to it was lost', async () => {
  const access = await open();
  const { client } = access;
  let lost = false;
  const forgetful = new Proxy(client, {
    get(target, name) {
      if (name !== 'send') return Reflect.get(target, name) as unknown;
      return async (command: Parameters<typeof client.send>[0]) => {
        const answer = await client.send(command);
        if (lost || command.constructor.name !== 'TransactWriteCommand') return answer;
        lost = true;
        throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      };
    },
  });
  const store = createDynamoRuleStore({ ...access, client: forgetful });
  await store.save('t1', { rule: buildRule(), expected: 0, journal: [], outbox: [] });
  expect(lost).toBe(true);
  expect(await store.versions('t1', 'cpu-high')).toHaveLength(1);
  expect(await store.ruleSetRevision('t1')).toBe(1);
});
