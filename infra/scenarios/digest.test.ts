import { afterAll, beforeAll, expect, it } from 'vitest';

import { checkMessages, leftovers } from './compare.ts';
import { openScenario, type Scenario } from './harness.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openScenario();
});
afterAll(() => scenario.close());

const HOSTS = 60;

it('sixty alerts at once are each told in chat, in far fewer messages, and no receiver is told twice', async () => {
  const events = Array.from({ length: HOSTS }, (_, n) => ({
    source: 'agent',
    type: 'scenario.host',
    service: 'fleet',
    severity: 'WARN',
    payload: { host: `host-${n}` },
  }));
  await scenario.put([{ partition_key: 'k', bytes: Buffer.from(JSON.stringify(events)) }]);
  await scenario.settle();
  const snapshot = await scenario.snapshot();
  expect(snapshot.alerts).toHaveLength(HOSTS);
  expect(checkMessages(snapshot)).toMatchObject({
    missing: [],
    unexpected: [],
    differing: [],
    repeated: 0,
  });
  expect(leftovers(snapshot)).toEqual([]);
  expect(new Set(snapshot.deliveries.map(({ status }) => status))).toEqual(new Set(['SENT']));
  const { outbox } = scenario.instance;
  expect(outbox.count({ channel: 'slack' })).toBeLessThanOrEqual(HOSTS / 2);
  expect(outbox.count({ channel: 'webhook' })).toBe(HOSTS);
});
