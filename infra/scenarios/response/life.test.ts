import { expect, it } from 'vitest';

import { useStage } from './stage.testing.ts';

const told = useStage();

it(
  'the shipped policies tell by severity where a tenant has none: grave pages, warnings go to chat',
  told(async (story) => {
    await story.event('mild', { severity: 'INFO' });
    await story.event('middling');
    await story.event('grave', { severity: 'ERROR' });
    const destinations = async (name: string) =>
      (await story.prove(name)).deliveries.map(({ destination }) => destination).toSorted();
    expect(await destinations('mild')).toEqual(['webhook-audit']);
    expect(await destinations('middling')).toEqual(['slack-ops', 'webhook-audit']);
    expect(await destinations('grave')).toEqual([
      'email-ops',
      'pagerduty-primary',
      'slack-ops',
      'webhook-audit',
    ]);
  }),
);

it(
  'the first policy in order whose pattern matches is the alert’s: by service, by severity, by default',
  told(async (story) => {
    const { service } = story;
    await story.policy([[0, 'mail']], { name: 'rest', match: {}, order: 900 });
    await story.policy([[0, 'chat']], { name: 'ours', match: { service: [service] }, order: 20 });
    await story.policy([[0, 'page']], {
      name: 'grave',
      match: { service: [{ prefix: service }], severity: ['ERROR', 'CRITICAL'] },
      order: 10,
    });
    await story.policy([[0, 'page']], { name: 'off', match: {}, order: 1, enabled: false });
    await story.event('a');
    await story.event('b', { severity: 'ERROR' });
    await story.event('c', { service: `${service}-else` });
    expect((await story.heard('page')).toSorted()).toEqual(['0 trigger b', '0 trigger incident']);
    expect(await story.heard('chat')).toEqual(['0 trigger a']);
    expect(await story.heard('mail')).toEqual(['0 trigger c']);
    expect((await story.alert('a')).policy_id).toBe(story.id('ours'));
  }),
);

it(
  'an alert that no policy matches is recorded, counted and shown, and the reason is named',
  told(async (story) => {
    await story.policy([[0, 'page']], { match: { service: ['another'] } });
    await story.event('disk', { times: 6 });
    await story.fastForward(30);
    expect(await story.alert()).toMatchObject({ state: 'OPEN', count: 6, suppressed_by: [] });
    expect((await story.explain()).verdict).toBe('no_policy');
    expect((await story.prove()).rows).toEqual([]);
  }),
);

it(
  'a policy changed under way is followed as it now stands, from where the alert was',
  told(async (story) => {
    await story.policy([
      [0, 'page'],
      [10, 'chat'],
    ]);
    await story.event();
    await story.fastForward(5);
    await story.policy([
      [0, 'page'],
      [10, 'mail'],
      [10, 'page-2'],
    ]);
    await story.fastForward(60);
    expect(await story.heard('page')).toEqual(['0 trigger']);
    expect(await story.heard('mail')).toEqual(['10 trigger']);
    expect(await story.heard('page-2')).toEqual(['20 trigger']);
    const { lines } = await story.explain();
    const versions = lines.flatMap(({ ids }) => ids.policy_version ?? []);
    expect(versions).toEqual(['1', '2', '2']);
  }),
);

it(
  'a policy deleted under way is left for the one that matches now',
  told(async (story) => {
    await story.policy([[0, 'mail']], { name: 'rest', match: {}, order: 900 });
    const id = await story.policy([
      [0, 'page'],
      [10, 'chat'],
    ]);
    await story.event();
    await story.fastForward(5);
    await story.ask('ada', 'DELETE', `/v1/escalations/${id}`);
    await story.fastForward(60);
    expect(await story.heard('page')).toEqual(['0 trigger']);
    expect(await story.heard('mail')).toEqual(['10 trigger']);
  }),
);

it(
  'a policy deleted under way, with no other that matches, ends the escalation and says so',
  told(async (story) => {
    await story.policy([[0, 'mail']], { name: 'other', match: { service: ['x'] }, order: 900 });
    const id = await story.policy([
      [0, 'page'],
      [10, 'chat'],
    ]);
    await story.event();
    await story.fastForward(5);
    await story.ask('ada', 'DELETE', `/v1/escalations/${id}`);
    await story.fastForward(60);
    expect(await story.heard('page')).toEqual(['0 trigger']);
    expect((await story.explain()).outcomes).toContain('no_policy');
    expect((await story.alert()).next_escalation_at).toBeUndefined();
  }),
);

it(
  'the same trouble again is counted on its alert, OPEN or acknowledged, and pages nobody again',
  told(async (story) => {
    await story.policy([
      [0, 'page'],
      [10, 'chat'],
    ]);
    await story.event('disk', { times: 3 });
    await story.act('rosa', 'ack');
    await story.fastForward(5);
    await story.event('disk', { times: 4 });
    await story.fastForward(60);
    expect(await story.alert()).toMatchObject({ state: 'ACK', count: 7, episode: 1 });
    expect(await story.heard('page')).toEqual(['0 trigger', '0 acknowledge']);
    expect(await story.alerts()).toHaveLength(1);
  }),
);

it(
  'trouble that is back within the window opens the same alert again and tells those it told',
  told(async (story) => {
    await story.policy([
      [0, 'page'],
      [10, 'chat'],
    ]);
    await story.event();
    await story.fastForward(2);
    await story.act('rosa', 'resolve');
    await story.fastForward(3);
    await story.event();
    await story.fastForward(30);
    expect(await story.heard('page')).toEqual(['0 trigger', '2 resolve', '5 trigger']);
    expect(await story.heard('chat')).toEqual(['15 trigger']);
    expect(await story.alert()).toMatchObject({ state: 'OPEN', episode: 1, count: 2 });
    expect((await story.explain()).outcomes).toContain('reopened');
    expect(await story.alerts()).toHaveLength(1);
  }),
);

it(
  'trouble that is back outside the window is a new episode: another alert from its first step',
  told(async (story) => {
    await story.policy([
      [0, 'page'],
      [10, 'chat'],
    ]);
    await story.event();
    await story.act('rosa', 'resolve');
    await story.fastForward(6);
    await story.event();
    await story.fastForward(30);
    expect(await story.heard('page')).toEqual(['0 trigger', '0 resolve', '6 trigger']);
    expect(await story.heard('chat')).toEqual(['16 trigger']);
    expect((await story.alerts()).map(({ episode, count }) => [episode, count])).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect((await story.explain()).outcomes).toContain('new_episode');
  }),
);

it(
  'events that come again after the resolve are known, and open nothing',
  told(async (story) => {
    await story.policy([[0, 'page']]);
    const again = { source: 'story', type: 'told.warn', service: story.service, event_id: 'same' };
    const bytes = Buffer.from(JSON.stringify({ ...again, payload: { name: 'disk' } }));
    const put = () => story.stage.scenario.put([{ bytes, partition_key: 'k' }]);
    await put();
    await story.calm();
    await story.act('rosa', 'resolve');
    await put();
    await story.fastForward(10);
    expect(await story.heard('page')).toEqual(['0 trigger', '0 resolve']);
    expect(await story.alert()).toMatchObject({ state: 'RESOLVED', count: 1 });
  }),
);

it(
  'an alert that grows graver keeps its policy, and the incident it makes is told as its severity asks',
  told(async (story) => {
    const { service } = story;
    await story.policy([[0, 'page']], {
      name: 'grave',
      match: { service: [service], severity: ['ERROR', 'CRITICAL'] },
    });
    await story.policy(
      [
        [0, 'chat'],
        [10, 'mail'],
      ],
      { name: 'mild', order: 2 },
    );
    await story.rule('WARN');
    await story.event('disk', { type: service });
    await story.fastForward(3);
    await story.rule('CRITICAL');
    await story.event('disk', { type: service });
    await story.fastForward(30);
    expect(await story.alert()).toMatchObject({ severity: 'CRITICAL', count: 2, episode: 1 });
    expect(await story.heard('chat')).toEqual(['0 trigger']);
    expect(await story.heard('mail')).toEqual(['10 trigger']);
    expect(await story.heard('page')).toEqual(['3 trigger incident']);
    expect((await story.explain()).outcomes).toContain('severity_changed');
  }),
);

it(
  'a rule on trial records, counts and shows, and tells nobody',
  told(async (story) => {
    await story.policy([[0, 'page']]);
    await story.rule('CRITICAL', { state: 'STAGED' });
    await story.event('disk', { type: story.service, times: 3 });
    await story.fastForward(60);
    await story.expectHeld({ reason: 'staging', count: 3, outcome: 'staged' });
    await story.rule('CRITICAL');
    await story.event('disk', { type: story.service });
    expect((await story.heard('page')).toSorted()).toEqual(['60 trigger', '60 trigger incident']);
  }),
);
