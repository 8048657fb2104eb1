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

it('maintenance holds until its end, an inhibition until its source is resolved', async () => {
  const ada = await signIn(scenario.instance, 'ada');
  const { json: health } = await ada('GET', '/v1/health');
  const host = (value: string) => [{ field: 'group.payload.host', op: '=', value }];
  const window = {
    maintenance_id: 'patching',
    comment: 'patches',
    matchers: host('db-1'),
    time_zone: 'UTC',
    starts_at: health.time.slice(0, 16),
    duration_minutes: 20,
  };
  expect((await ada('POST', '/v1/maintenance', window)).status).toBe(201);
  const rule = {
    inhibition_id: 'primary',
    comment: 'replicas follow',
    source: host('db-2'),
    target: host('db-3'),
    equal: ['service'],
  };
  expect((await ada('POST', '/v1/inhibitions', rule)).status).toBe(201);
  await scenario.put([trouble('db-2', 1)]);
  await scenario.settle();
  await scenario.put([trouble('db-1', 1), trouble('db-3', 1)]);
  await scenario.settle();
  const alertOf = async (name: string) => {
    const { json } = await ada('GET', '/v1/alerts?q=scenario-host');
    return json.items.find(({ group }: { group: object }) => Object.values(group)[0] === name);
  };
  const told = async (alertId: string) =>
    (await scenario.snapshot()).messages.filter(({ alert_id }) => alert_id === alertId).length;
  const [held, source, target] = [
    await alertOf('db-1'),
    await alertOf('db-2'),
    await alertOf('db-3'),
  ];
  expect(held.suppressed_by).toEqual([{ reason: 'maintenance', id: 'patching' }]);
  expect(target.suppressed_by).toEqual([{ reason: 'inhibition', id: 'primary' }]);
  expect([await told(held.alert_id), await told(target.alert_id)]).toEqual([0, 0]);

  expect((await ada('POST', `/v1/alerts/${source.alert_id}/resolve`, {})).status).toBe(200);
  await scenario.settle();
  expect(await told(target.alert_id)).toBe(2);
  scenario.instance.advance(21 * 60_000);
  for (let minute = 0; minute < 20 && (await told(held.alert_id)) === 0; minute++) {
    scenario.instance.advance(61_000);
    await scenario.settle();
  }
  expect([await told(held.alert_id), await told(target.alert_id)]).toEqual([2, 2]);
}, 120_000);
