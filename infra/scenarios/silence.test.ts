import { afterAll, beforeAll, expect, it } from 'vitest';

import { openScenario, type Scenario } from './harness.ts';
import { signIn } from './person.testing.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openScenario();
});
afterAll(() => scenario.close());

const trouble = (host: string, n: number) => ({
  event: {
    event_id: `${host}-${n}`,
    source: 'agent',
    type: 'scenario.host',
    service: 'shop',
    severity: 'INFO',
    timestamp: new Date().toISOString(),
    payload: { host },
  },
  partition_key: host,
});

it('a silence that ends while its alert fires has people told once; another host is told at once', async () => {
  const admin = await signIn(scenario.instance, 'ada');
  const silence = {
    silence_id: 'deploy',
    comment: 'a deploy of web-1',
    matchers: [{ field: 'group.payload.host', op: '=~', value: 'web-[1]' }],
    ends_at: new Date(Date.now() + 40 * 60_000).toISOString(),
    reminder_minutes: 10,
  };
  expect((await admin('POST', '/v1/silences', silence)).status).toBe(201);
  await scenario.put([trouble('web-1', 1), trouble('web-2', 1), trouble('web-1', 2)]);
  await scenario.settle();
  const { json } = await admin('GET', '/v1/alerts?q=scenario-host');
  const held = json.items.find(
    ({ group }: { group: object }) => Object.values(group)[0] === 'web-1',
  );
  expect(held).toMatchObject({ count: 2, suppressed_by: [{ reason: 'silence', id: 'deploy' }] });
  const messages = async () => {
    const all = (await scenario.snapshot()).messages;
    return all.filter(({ alert_id }) => alert_id === held.alert_id).map(({ channel }) => channel);
  };
  expect(await messages()).toEqual([]);
  expect((await scenario.snapshot()).messages.length).toBeGreaterThan(0);

  scenario.instance.advance(25 * 60_000);
  await scenario.settle();
  expect(await messages()).toEqual([]);
  const told = async () => {
    for (let minute = 0; minute < 30; minute++) {
      scenario.instance.advance(61_000);
      await scenario.settle();
      const sent = await messages();
      if (sent.length > 0) return sent;
    }
    return [];
  };
  expect((await told()).toSorted()).toEqual(['slack', 'webhook']);
  scenario.instance.advance(30 * 60_000);
  await scenario.settle();
  expect((await messages()).toSorted()).toEqual(['slack', 'webhook']);
  // The first token has expired by now.
  const later = await signIn(scenario.instance, 'ada');
  const timeline = await later('GET', `/v1/incidents/timeline?alert=${held.alert_id}`);
  expect(timeline.json.items.map(({ entry }: { entry: string }) => entry).slice(0, 2)).toEqual([
    'Opened with severity WARN, told to nobody (silence deploy)',
    'Nothing holds it back any more (silence deploy): people are told from now on',
  ]);
}, 120_000);
