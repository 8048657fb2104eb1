import { expect, it } from 'vitest';

import { backtestStoreContract } from '#shared/testing/backtest-store-contract.ts';
import { BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildBacktest } from '#shared/testing/build-backtest.ts';
import { useLocalDynamo } from '#shared/testing/local-dynamo.ts';

import { createDynamoBacktestStore } from './dynamo-backtest-store.ts';

const openAccess = useLocalDynamo();
const open = () => openAccess(() => Date.parse(BUILT_AT));

backtestStoreContract('DynamoDB', async () => createDynamoBacktestStore(await open()));

it('takes its own write for done when the answer to it was lost', async () => {
  const access = await open();
  const { client } = access;
  let lost = 0;
  const forgetful = new Proxy(client, {
    get(target, name) {
      if (name !== 'send') return Reflect.get(target, name) as unknown;
      return async (command: Parameters<typeof client.send>[0]) => {
        const answer = await client.send(command);
        if (lost === 2 || command.constructor.name !== 'PutCommand') return answer;
        lost++;
        throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      };
    },
  });
  const store = createDynamoBacktestStore({ ...access, client: forgetful });
  await store.create(buildBacktest(), []);
  expect(lost).toBe(2);
  expect(await store.get('t1', 'b1')).toEqual(buildBacktest());
});
