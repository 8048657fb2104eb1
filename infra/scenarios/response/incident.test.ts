import { expect, it } from 'vitest';

import type { Json } from '#infra/scenarios/person.testing.ts';

import { useStage } from './stage.testing.ts';
import type { Story } from './story.testing.ts';

const told = useStage();

const GRAVE = { severity: 'ERROR' } as const;

/** The incidents of a story's service, newest first. */
async function incidents(story: Story, service = story.service): Promise<Json[]> {
  return (await story.ask('rosa', 'GET', `/v1/incidents?service=${service}`)).items;
}

async function incident(story: Story): Promise<Json> {
  const [newest] = await incidents(story);
  return newest;
}

/** Does something with the story's incident; what it leads to is done when it resolves. */
async function act(story: Story, action: string, body: Json = {}): Promise<Json> {
  const { incident_id: id } = await incident(story);
  const changed = await story.ask('rosa', 'POST', `/v1/incidents/${id}/${action}`, body);
  await story.calm();
  return changed;
}

const escalations = async (story: Story) =>
  (await story.alerts()).filter(({ rule_id }) => rule_id === 'sentry-incident-escalation');

it(
  'an ERROR opens an incident that escalates by itself with exactly one alert, told as any other',
  told(async (story) => {
    await story.policy([
      [0, 'page'],
      [10, 'chat'],
    ]);
    await story.event('disk', GRAVE);
    await story.fastForward(30);
    expect(await incidents(story)).toMatchObject([
      { status: 'ESCALATED', escalation_level: 1, alert_count: 1, open_count: 1 },
    ]);
    expect(await escalations(story)).toHaveLength(1);
    expect((await story.heard('page')).toSorted()).toEqual(['0 trigger', '0 trigger incident']);
    expect((await story.heard('chat')).toSorted()).toEqual(['10 trigger', '10 trigger incident']);
    expect((await story.explain()).outcomes).toContain('joined_incident');
  }),
);

it(
  'a WARN makes no incident, and joins the one that its service has',
  told(async (story) => {
    await story.policy([[0, 'chat']]);
    await story.event('mild');
    expect(await incidents(story)).toEqual([]);
    await story.event('grave', GRAVE);
    await story.event('another');
    expect(await incident(story)).toMatchObject({ alert_count: 2, severity: 'ERROR' });
    await story.fastForward(2);
    expect(await story.heard('chat')).not.toEqual([]);
    expect(await escalations(story)).toHaveLength(1);
  }),
);

it(
  'further alerts of a service join its incident, and escalate it no further',
  told(async (story) => {
    await story.policy([[0, 'page']]);
    await story.event('a', GRAVE);
    await story.fastForward(10);
    await story.events(['b', 'c'], { severity: 'CRITICAL' });
    expect(await incidents(story)).toMatchObject([
      { alert_count: 3, open_count: 3, severity: 'CRITICAL', escalation_level: 1 },
    ]);
    expect(await escalations(story)).toHaveLength(1);
    expect((await story.heard('page')).toSorted()).toEqual([
      '0 trigger a',
      '0 trigger incident',
      '10 trigger b',
      '10 trigger c',
    ]);
  }),
);

it(
  'alerts of another service, and those after the window, make incidents of their own',
  told(async (story) => {
    const other = `${story.service}-b`;
    await story.policy([[0, 'page']], { match: { service: [story.service, other] } });
    await story.event('a', GRAVE);
    await story.event('b', { ...GRAVE, service: other });
    await story.fastForward(25);
    await story.event('c', GRAVE);
    expect(await incident(story)).toMatchObject({ alert_count: 2 });
    await story.fastForward(31);
    await story.event('d', GRAVE);
    expect((await incidents(story)).map(({ alert_count }) => alert_count as number)).toEqual([
      1, 2,
    ]);
    expect(await incidents(story, other)).toMatchObject([{ alert_count: 1 }]);
    expect(await escalations(story)).toHaveLength(3);
    expect(await story.heard('page')).toHaveLength(7);
  }),
);

it(
  'an alert of a service next to one with an incident joins that, and one further off has its own',
  told(async (story) => {
    const [db, shop, mail] = ['db', 'shop', 'mail'].map((name) => story.id(name)) as [
      string,
      string,
      string,
    ];
    await story.put('services', 'service', { service: shop, depends_on: [db] });
    await story.put('services', 'service', { service: mail, depends_on: [shop] });
    await story.policy([[0, 'page']], { match: { service: [db, shop, mail] } });
    await story.event('disk', { ...GRAVE, service: db });
    await story.event('slow', { ...GRAVE, service: shop });
    await story.event('late', { ...GRAVE, service: mail });
    expect(await incidents(story, db)).toMatchObject([{ alert_count: 2, escalation_level: 1 }]);
    expect(await incidents(story, shop)).toEqual([]);
    expect(await incidents(story, mail)).toMatchObject([{ alert_count: 1 }]);
    expect(await story.heard('page')).toHaveLength(5);
    expect((await story.explain('slow')).outcomes).toContain('joined_incident');
  }),
);

it(
  'each manual escalation makes exactly one alert more, and the same request once',
  told(async (story) => {
    await story.policy([[0, 'page']]);
    await story.event('disk', GRAVE);
    await story.heard('page');
    const first = await act(story, 'escalate', { request_id: 'r1', reason: 'it grows' });
    const again = await act(story, 'escalate', { request_id: 'r1', reason: 'it grows' });
    expect([first, again]).toMatchObject([{ escalation_level: 2 }, { escalation_level: 2 }]);
    expect(await escalations(story)).toHaveLength(2);
    const both = ['r2', 'r3'].map((request_id) => act(story, 'escalate', { request_id }));
    await Promise.all([...both, act(story, 'escalate', { request_id: 'r2' })]);
    expect(await incident(story)).toMatchObject({ escalation_level: 4, status: 'ESCALATED' });
    expect(await escalations(story)).toHaveLength(4);
    expect(await story.heard('page')).toEqual(Array(3).fill('0 trigger incident'));
  }),
);

it(
  'the first acknowledgement of any of its alerts makes an incident ANALYZING',
  told(async (story) => {
    await story.policy([[0, 'page']]);
    await story.events(['a', 'b'], GRAVE);
    await story.fastForward(4);
    await story.act('rosa', 'ack', 'b');
    await story.fastForward(4);
    await story.act('ada', 'ack', 'a');
    const { incident_id } = await incident(story);
    const shown = await story.ask('rosa', 'GET', `/v1/incidents/${incident_id}`);
    expect(shown).toMatchObject({ status: 'ANALYZING', open_count: 2 });
    expect(Math.floor(shown.seconds_to_acknowledge / 60)).toBe(4);
    await act(story, 'escalate', { request_id: 'again' });
    expect(await incident(story)).toMatchObject({ status: 'ESCALATED', escalation_level: 2 });
    expect((await story.heard('page')).filter((words) => words.includes('acknowledge'))).toEqual([
      '4 acknowledge b',
      '8 acknowledge a',
    ]);
  }),
);

it(
  'an incident closes with the last of its alerts, and its escalation alert is resolved with it',
  told(async (story) => {
    await story.policy([
      [0, 'page'],
      [30, 'chat'],
    ]);
    await story.events(['a', 'b'], GRAVE);
    await story.fastForward(5);
    await story.act('rosa', 'resolve', 'a');
    expect(await incident(story)).toMatchObject({ status: 'ESCALATED', open_count: 1 });
    await story.fastForward(5);
    await story.act('rosa', 'resolve', 'b');
    expect(await incident(story)).toMatchObject({ status: 'CLOSED', open_count: 0 });
    await story.fastForward(60);
    expect(await story.alert('incident')).toMatchObject({ state: 'RESOLVED' });
    expect(
      (await story.heard('page')).filter((words) => words.includes('resolve')).toSorted(),
    ).toEqual(['10 resolve b', '10 resolve incident', '5 resolve a']);
  }),
);

it(
  'a match within the window opens a closed incident again, without another escalation',
  told(async (story) => {
    await story.policy([[0, 'page']]);
    await story.event('a', GRAVE);
    await story.act('rosa', 'resolve', 'a');
    expect(await incident(story)).toMatchObject({ status: 'CLOSED' });
    await story.fastForward(20);
    await story.event('b', GRAVE);
    expect(await incidents(story)).toMatchObject([
      { status: 'OPEN', alert_count: 2, open_count: 1, escalation_level: 1 },
    ]);
    expect(await escalations(story)).toHaveLength(1);
    expect((await story.heard('page')).toSorted()).toEqual([
      '0 resolve a',
      '0 resolve incident',
      '0 trigger a',
      '0 trigger incident',
      '20 trigger b',
    ]);
  }),
);

it(
  'an incident that a person closes takes no escalation, and outlives nothing: 409 with how it stands',
  told(async (story) => {
    await story.policy([[0, 'page']]);
    await story.event('a', GRAVE);
    const { incident_id: id } = await incident(story);
    await act(story, 'status', { status: 'CLOSED', reason: 'not ours' });
    const path = `/v1/incidents/${id}/escalate`;
    const { status, json } = await story.stage.ask('rosa', 'POST', path, { request_id: 'late' });
    expect([status, json.current]).toMatchObject([409, { status: 'CLOSED', escalation_level: 1 }]);
    expect(await escalations(story)).toMatchObject([{ state: 'RESOLVED' }]);
    expect((await story.heard('page')).toSorted()).toEqual([
      '0 resolve incident',
      '0 trigger a',
      '0 trigger incident',
    ]);
  }),
);

it(
  'a silenced ERROR makes no incident until it is told, and then exactly one that escalates once',
  told(async (story) => {
    await story.policy([[0, 'page']]);
    const id = await story.silence({ to: 30 });
    await story.event('disk', { ...GRAVE, times: 2 });
    await story.expectHeld({ reason: 'silence', id, count: 2, outcome: 'silenced' });
    expect(await incidents(story)).toEqual([]);
    await story.fastForward(40);
    expect(await incidents(story)).toMatchObject([{ status: 'ESCALATED', alert_count: 1 }]);
    expect((await story.heard('page')).toSorted()).toEqual(['30 trigger', '30 trigger incident']);
  }),
);

it(
  'with automatic escalation off an incident opens quietly, and a person may escalate it',
  told(async (story) => {
    const settings = { auto_escalate: false, window_minutes: 30 };
    await story.ask('ada', 'PUT', '/v1/incidents/settings', settings);
    await story.policy([[0, 'page']]);
    await story.event('disk', GRAVE);
    expect(await incidents(story)).toMatchObject([{ status: 'OPEN', escalation_level: 0 }]);
    expect(await story.heard('page')).toEqual(['0 trigger']);
    await act(story, 'escalate', { request_id: 'r1' });
    expect(await story.heard('page')).toEqual(['0 trigger incident']);
    await story.ask('ada', 'PUT', '/v1/incidents/settings', { ...settings, auto_escalate: true });
  }),
);
