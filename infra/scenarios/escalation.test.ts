import { afterAll, beforeAll, expect, it } from 'vitest';

import { openScenario, type Scenario } from './harness.ts';
import { type Json, signIn } from './person.testing.ts';

const MINUTE = 60_000;
let scenario: Scenario;
beforeAll(async () => {
  scenario = await openScenario();
});
afterAll(() => scenario.close());

const SCHEDULE = {
  schedule_id: 'chain',
  name: 'Chain',
  time_zone: 'Europe/Berlin',
  members: [
    { user: 'ruth', targets: [{ channel: 'pagerduty', destination: 'pagerduty-primary' }] },
    { user: 'vera', targets: [{ channel: 'email', destination: 'email-ops' }] },
  ],
  layers: [
    {
      name: 'primary',
      users: ['ruth'],
      starts_on: '2026-01-01',
      hand_over_at: '09:00',
      rotation: { unit: 'weeks', length: 1 },
    },
  ],
};
const POLICY = {
  policy_id: 'chain',
  name: 'Chain',
  match: { service: ['chain'] },
  order: 1,
  steps: [
    { delay_minutes: 0, targets: [{ channel: 'webhook', destination: 'webhook-audit' }] },
    { delay_minutes: 5, targets: [{ channel: 'schedule', destination: 'chain' }] },
    { delay_minutes: 10, targets: [{ channel: 'slack', destination: 'slack-ops' }] },
    { delay_minutes: 10, targets: [{ channel: 'schedule', destination: 'chain' }] },
  ],
  ack_timeout_minutes: 30,
};

/** Minute after minute, everything that falls due in each. */
async function pass(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    scenario.instance.advance(MINUTE);
    await scenario.settle();
  }
}

it('F14: a chain goes from step to step, over a sleep, a hand-over, an acknowledgement and its end', async () => {
  // Tokens end within the hour that passes here.
  const ask = async (method: string, path: string, body?: object): Promise<Json> => {
    const { status, json } = await (await signIn(scenario.instance, 'ada'))(method, path, body);
    expect([method, path, status < 300, json]).toEqual([method, path, true, json]);
    return json;
  };
  await ask('POST', '/v1/schedules', SCHEDULE);
  await ask('POST', '/v1/escalations', POLICY);
  const event = {
    source: 'agent',
    type: 'scenario.host',
    service: 'chain',
    payload: { host: 'chain-1' },
  };
  await scenario.put([{ bytes: Buffer.from(JSON.stringify(event)), partition_key: 'k' }]);
  await scenario.settle();
  const [found] = (await ask('GET', '/v1/alerts?service=chain')).items;
  const path = `/v1/alerts/${found.alert_id}`;
  const triggered = async (): Promise<string[]> => {
    const { items } = await ask('GET', `${path}/deliveries`);
    return items.map(({ step, destination, for_user = '' }: Json) =>
      `${step} ${destination} ${for_user}`.trim(),
    );
  };
  const messages = async () =>
    (await scenario.snapshot()).messages
      .filter(({ alert_id }) => alert_id === found.alert_id)
      .map(({ channel }) => channel);

  expect(await triggered()).toEqual(['1 webhook-audit']);
  await pass(3);
  expect(await triggered()).toHaveLength(1);

  // Asleep for an hour: step two is long overdue, step three would be too.
  scenario.instance.advance(60 * MINUTE);
  await scenario.settle();
  expect(await triggered()).toEqual(['1 webhook-audit', '2 pagerduty-primary ruth']);
  expect((await ask('GET', path)).escalation_level).toBe(2);
  await pass(8);
  expect(await triggered()).toHaveLength(2);
  await pass(4);
  expect((await triggered()).slice(2)).toEqual(['3 slack-ops']);

  // Vera takes over before the last step.
  const now = Date.parse((await ask('GET', path)).next_escalation_at);
  await ask('PUT', '/v1/schedules/chain', {
    ...SCHEDULE,
    overrides: [
      {
        override_id: 'swap',
        user: 'vera',
        from: new Date(now - 9 * MINUTE).toISOString(),
        to: new Date(now + 24 * 60 * MINUTE).toISOString(),
      },
    ],
  });
  await pass(12);
  expect((await triggered()).slice(3)).toEqual(['4 email-ops vera']);
  expect((await ask('GET', path)).next_escalation_at).toBeUndefined();
  expect((await messages()).toSorted()).toEqual(['email', 'pagerduty', 'slack', 'webhook']);

  await ask('POST', `${path}/ack`, {});
  await scenario.settle();
  await pass(25);
  expect((await ask('GET', path)).state).toBe('ACK');
  expect(await triggered()).toHaveLength(4);
  await pass(7);
  expect(await ask('GET', path)).toMatchObject({ state: 'OPEN', escalation_level: 5 });
  expect((await triggered()).slice(4)).toEqual(['5 webhook-audit']);

  await ask('POST', `${path}/resolve`, {});
  await scenario.settle();
  const before = (await messages()).length;
  await pass(30);
  expect((await messages()).length).toBe(before);
  const { items } = await ask('GET', `/v1/incidents/timeline?alert=${found.alert_id}&limit=100`);
  const said = items.map(({ entry }: Json) => entry as string);
  expect(said.filter((entry: string) => entry.startsWith('Escalated'))).toEqual([
    'Escalated to level 2',
    'Escalated to level 3',
    'Escalated to level 4',
  ]);
  expect(said.filter((entry: string) => entry.startsWith('Opened again'))).toHaveLength(1);
}, 240_000);
