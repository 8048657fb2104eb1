import { createHmac } from 'node:crypto';

import { expect, it } from 'vitest';

import { PARAMETERS } from '#infra/environment.ts';
import type { Json } from '#infra/scenarios/person.testing.ts';

import { useStage } from './stage.testing.ts';
import type { Story } from './story.testing.ts';

const told = useStage();

const DOWN = { status: 503 } as const;
const SECRET = 'whsec-story';

/** Somebody does something in PagerDuty with the incident that stands for an alert of this story. */
async function inPagerDuty(story: Story, type: string, more: Json = {}): Promise<Json> {
  const { instance } = story.stage.scenario;
  const channel = story.id('page');
  instance.services.ssm.putParameter(`${PARAMETERS.hookPrefix}default/${channel}`, SECRET);
  const { items } = await story.ask('ada', 'GET', '/v1/channels');
  const { webhook_path } = items.find(({ channel_id }: Json) => channel_id === channel);
  const { key = await story.idOf(), agent = 'user_reference', incident = 'PINC', ...data } = more;
  const event = {
    id: `${story.service}-${type}-${Math.floor(instance.clock.now())}`,
    event_type: type,
    occurred_at: new Date(instance.clock.now()).toISOString(),
    agent: { id: 'P1', type: agent, summary: 'Grace' },
    data: { id: incident, type: 'incident', incident_key: key, ...data },
  };
  const body = JSON.stringify({ event });
  const signature = `v1=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
  const headers = { 'content-type': 'application/json', 'x-pagerduty-signature': signature };
  const said = await fetch(`${instance.url}${webhook_path}`, { method: 'POST', headers, body });
  expect(said.status).toBe(202);
  await story.calm();
  return await said.json();
}

it(
  'what PagerDuty’s people do is done here and told to others, and never back to PagerDuty',
  told(async (story) => {
    await story.policy([
      [0, 'page', 'hook'],
      [20, 'chat'],
    ]);
    await story.event();
    await story.fastForward(5);
    expect(await inPagerDuty(story, 'incident.acknowledged')).toMatchObject({ outcome: 'applied' });
    expect(await story.alert()).toMatchObject({ state: 'ACK', acknowledged_by: 'pagerduty:Grace' });
    await story.fastForward(55);
    await inPagerDuty(story, 'incident.resolved');
    expect(await story.alert()).toMatchObject({
      state: 'RESOLVED',
      resolved_by: 'pagerduty:Grace',
    });
    expect(await story.heard('page')).toEqual(['0 trigger']);
    expect(await story.heard('hook')).toEqual(['0 trigger', '5 acknowledge', '60 resolve']);
  }),
);

it(
  'an echo of our own words from PagerDuty changes nothing',
  told(async (story) => {
    await story.policy([[0, 'page']]);
    await story.event();
    await story.act('rosa', 'ack');
    const echo = { agent: 'generic_events_api_inbound_integration_reference' };
    const answer = await inPagerDuty(story, 'incident.resolved', echo);
    expect(answer).toMatchObject({ outcome: 'own', alerts: [] });
    expect(await story.alert()).toMatchObject({ state: 'ACK', acknowledged_by: 'user:rosa' });
    expect(await story.heard('page')).toEqual(['0 trigger', '0 acknowledge']);
  }),
);

it(
  'incidents merged in PagerDuty live on in the other: its acknowledgement is that of both alerts',
  told(async (story) => {
    await story.policy([[0, 'page']]);
    await story.events(['a', 'b']);
    const [a, b] = [await story.idOf('a'), await story.idOf('b')];
    const reason = {
      type: 'merge_resolve_reason',
      incident: { id: 'PB', type: 'incident_reference' },
    };
    const merge = { key: a, incident: 'PA', resolve_reason: reason };
    expect(await inPagerDuty(story, 'incident.resolved', merge)).toMatchObject({
      outcome: 'noted',
    });
    expect(await story.alert('a')).toMatchObject({ state: 'OPEN' });
    await inPagerDuty(story, 'incident.acknowledged', { key: b, incident: 'PB' });
    for (const name of ['a', 'b'])
      expect(await story.alert(name)).toMatchObject({ acknowledged_by: 'pagerduty:Grace' });
    const heard = await story.heard('page');
    expect(heard.toSorted().slice(-2)).toEqual(['0 trigger a', '0 trigger b']);
    expect(heard).not.toContain('0 resolve a');
  }),
);

it(
  'a Slack bot changes its one message in place and tells the story in its thread',
  told(async (story) => {
    const { url } = story.stage.scenario.instance;
    await story.receivers.add('chat', {
      url: `${url}/_local/receivers/slack/${story.id('chat')}`,
      secret: JSON.stringify({ bot_token: 'xoxb-story', channel: 'C0OPS' }),
    });
    const ok = { ok: true, channel: 'C0OPS', ts: '1700000000.000100' };
    story.fault('slack', { accept: true, status: 200, body: JSON.stringify(ok) });
    await story.policy([[0, 'chat']]);
    await story.event();
    await story.fastForward(10);
    await story.act('rosa', 'ack');
    await story.fastForward(10);
    await story.act('rosa', 'resolve');
    await story.fastForward(1);
    expect(await story.heard('chat')).toEqual([
      '0 trigger chat.postMessage',
      '10 acknowledge chat.update',
      '10 acknowledge thread',
      '20 resolve chat.update',
      '20 resolve thread',
    ]);
  }),
);

it(
  'a message that its receiver refuses for good goes to the secondary channel at once',
  told(async (story) => {
    await story.receivers.add('page', { secondary: 'hook' });
    story.fault('pagerduty', { status: 403 });
    await story.policy([
      [0, 'page'],
      [10, 'mail'],
    ]);
    await story.event();
    await story.fastForward(30);
    expect(await story.heard('hook')).toEqual(['0 trigger']);
    expect(await story.heard('mail')).toEqual(['10 trigger']);
    const { outcomes } = await story.explain();
    expect(outcomes).toEqual(expect.arrayContaining(['delivery_dead', 'fell_back_to_secondary']));
    const { open } = await story.prove();
    expect(open).toMatchObject([expect.stringContaining(story.id('page'))]);
  }),
);

it(
  'a broken channel is one alert however many messages die, and it ends when a dead one is delivered',
  told(async (story) => {
    await story.policy([[0, 'page']]);
    await story.policy([[0, 'mail']], { name: 'own', match: { service: ['sentry'] } });
    story.fault('pagerduty', { status: 401 });
    await story.events(['a', 'b', 'c']);
    await story.fastForward(10);
    await story.event('d');
    const broken = () => story.alertsOf('sentry', (one) => one.group.channel === story.id('page'));
    expect(await broken()).toMatchObject([{ rule_id: 'sentry-notifier-broken', state: 'OPEN' }]);
    story.fault('pagerduty', undefined);
    const key = (await story.prove('a')).deliveries[0]!.delivery_key;
    await story.ask('rosa', 'POST', `/v1/deliveries/${encodeURIComponent(key)}/redrive`);
    await story.calm();
    expect(await story.heard('page')).toEqual(['10 trigger a']);
    expect((await story.explain('a')).outcomes).toContain('redriven');
    expect(await broken()).toMatchObject([{ state: 'RESOLVED', resolved_by: 'system:detector' }]);
  }),
);

it(
  'dead deliveries are listed and redriven together, each told once',
  told(async (story) => {
    await story.policy([[0, 'page']]);
    story.fault('pagerduty', { status: 404 });
    await story.events(['a', 'b', 'c']);
    story.fault('pagerduty', undefined);
    await story.act('rosa', 'resolve', 'c');
    const { items } = await story.ask(
      'rosa',
      'GET',
      `/v1/deliveries?channel_id=${story.id('page')}`,
    );
    expect(items).toHaveLength(3);
    await story.fastForward(10);
    const path = `/v1/channels/${story.id('page')}/redrive`;
    expect(await story.ask('rosa', 'POST', path)).toMatchObject({ redriven: 3, more: false });
    await story.calm();
    expect((await story.heard('page')).toSorted()).toEqual(['10 trigger a', '10 trigger b']);
    expect((await story.ask('rosa', 'POST', path)).redriven).toBe(0);
  }),
);

it(
  'resolved while the receiver was down: it hears of the resolve alone, and of no late trigger',
  told(async (story) => {
    await story.policy([
      [0, 'page'],
      [10, 'page'],
    ]);
    await story.event();
    await story.fastForward(5);
    story.fault('pagerduty', DOWN);
    await story.fastForward(10);
    await story.act('rosa', 'resolve');
    await story.fastForward(15);
    story.fault('pagerduty', undefined);
    await story.fastForward(30);
    const heard = await story.heard('page');
    expect(heard[0]).toBe('0 trigger');
    expect(heard.slice(1).map((words) => words.split(' ')[1])).toEqual(['resolve']);
    expect((await story.prove()).open).toEqual([]);
  }),
);

it(
  'resolved while a step’s message is in retry: that message is never sent',
  told(async (story) => {
    await story.policy([
      [0, 'page'],
      [5, 'chat'],
    ]);
    story.fault('slack', { status: 429, headers: { 'retry-after': '900' } });
    await story.event();
    await story.fastForward(10);
    await story.act('rosa', 'resolve');
    story.fault('slack', undefined);
    await story.fastForward(60);
    expect(await story.heard('page')).toEqual(['0 trigger', '10 resolve']);
    expect(await story.heard('chat')).toEqual([]);
    expect((await story.explain()).outcomes).toContain('not_needed_resolved');
  }),
);

it(
  'acknowledged while the first page is in retry: the pager is never rung',
  told(async (story) => {
    await story.policy([[0, 'page']]);
    story.fault('pagerduty', { status: 429, headers: { 'retry-after': '600' } });
    await story.event();
    await story.fastForward(3);
    await story.act('rosa', 'ack');
    story.fault('pagerduty', undefined);
    await story.fastForward(60);
    expect(await story.heard('page')).toEqual([]);
    expect((await story.explain()).verdict).toBe('not_needed_acknowledged');
  }),
);

it(
  'a receiver that asks for half an hour is asked again no sooner, and no other waits for it',
  told(async (story) => {
    await story.policy([[0, 'chat', 'page', 'hook']]);
    story.fault('slack', { remaining: 1, status: 429, headers: { 'retry-after': '1800' } });
    await story.event();
    await story.fastForward(60);
    expect(await story.heard('page')).toEqual(['0 trigger']);
    expect(await story.heard('hook')).toEqual(['0 trigger']);
    const [late, ...more] = await story.heard('chat');
    expect(more).toEqual([]);
    expect(Number(late!.split(' ')[0])).toBeGreaterThanOrEqual(30);
  }),
);

it(
  'a receiver that is down for hours hears once when it is back, with the alert as it is by then',
  told(async (story) => {
    await story.policy([[0, 'hook']]);
    story.fault('webhook', DOWN);
    await story.event();
    await story.fastForward(120, 240);
    await story.event('disk', { times: 4 });
    story.fault('webhook', undefined);
    await story.fastForward(10);
    const [heard, ...more] = await story.heard('hook');
    expect([heard!.split(' ')[1], more]).toEqual(['trigger', []]);
    const { rows } = await story.prove();
    expect(rows.map(({ what }) => what)).toEqual(['intended', 'failed', 'sent']);
  }),
);
