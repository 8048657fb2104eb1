import { expect, it } from 'vitest';

import { PARAMETERS } from '#infra/environment.ts';
import { signTenantKey } from '#shared/event/tenant-key.ts';

import { useStage } from './stage.testing.ts';

const told = useStage({ tenants: ['default', 'other'] });

const CHAIN = [
  [0, 'page'],
  [20, 'chat'],
] as const;

it(
  'a silence that ends while its alert fires has people told once, and its policy begins then',
  told(async (story) => {
    await story.policy(CHAIN);
    const id = await story.silence({ to: 40 });
    await story.event('disk', { times: 3 });
    await story.expectHeld({ reason: 'silence', id, count: 3, outcome: 'silenced' });
    await story.fastForward(38);
    await story.expectHeld({ reason: 'silence', id, count: 3, outcome: 'silenced' });
    await story.fastForward(82);
    expect(await story.heard('page')).toEqual(['40 trigger']);
    expect(await story.heard('chat')).toEqual(['60 trigger']);
    expect(await story.timeline()).toEqual(
      expect.arrayContaining([
        `Opened with severity WARN, told to nobody (silence ${id})`,
        `Nothing holds it back any more (silence ${id}): people are told from now on`,
      ]),
    );
    const { outcomes } = await story.explain();
    expect(outcomes.indexOf('silenced')).toBeLessThan(outcomes.indexOf('released'));
    expect(outcomes.indexOf('released')).toBeLessThan(outcomes.indexOf('delivered'));
  }),
);

it(
  'a silence mutes what its matchers say and nothing beside it',
  told(async (story) => {
    await story.policy(CHAIN);
    const id = await story.silence({
      to: 60,
      matchers: [
        { field: 'service', op: '=', value: story.service },
        { field: 'group.payload.name', op: '=~', value: 'web-[1-3]' },
      ],
    });
    await story.events(['web-1', 'web-4']);
    await story.expectHeld({ reason: 'silence', id, outcome: 'silenced' }, 'web-1');
    expect(await story.heard('page')).toEqual(['0 trigger web-4']);
  }),
);

it(
  'a silence mutes CRITICAL too, and its preview names those apart',
  told(async (story) => {
    await story.policy(CHAIN);
    const matchers = [{ field: 'service', op: '=', value: story.service }];
    await story.event('earlier', { severity: 'CRITICAL' });
    await story.act('rosa', 'resolve', 'earlier');
    const { past } = await story.ask('ada', 'POST', '/v1/silences/preview', { matchers });
    // Its incident escalated with an alert of its own.
    expect(past.critical.examples.map(({ title }: { title: string }) => title)).toEqual(
      expect.arrayContaining(['Trouble of earlier', 'Incident at level 1: Trouble of earlier']),
    );
    await story.heard('page');
    const id = await story.silence({ to: 60 });
    await story.event('disk', { severity: 'CRITICAL', times: 2 });
    await story.fastForward(30);
    await story.expectHeld({ reason: 'silence', id, count: 2, outcome: 'silenced' });
    // What nobody hears of makes no incident.
    expect((await story.alert()).incident_id).toBeUndefined();
  }),
);

it(
  'a silence made while an alert fires holds the next step, which is taken when it ends',
  told(async (story) => {
    await story.policy(CHAIN);
    await story.event();
    await story.fastForward(5);
    const id = await story.silence({ to: 45 });
    await story.fastForward(35);
    expect(await story.heard('page')).toEqual(['0 trigger']);
    expect((await story.alert()).suppressed_by).toEqual([{ reason: 'silence', id }]);
    expect((await story.explain()).outcomes).toContain('silenced');
    await story.fastForward(60);
    expect(await story.heard('chat')).toEqual(['45 trigger']);
  }),
);

it(
  'a silence that is planned holds nothing before it begins',
  told(async (story) => {
    await story.policy(CHAIN);
    const id = await story.silence({ from: 15, to: 50 });
    await story.event('before');
    await story.fastForward(16);
    await story.event('within');
    await story.expectHeld({ reason: 'silence', id, outcome: 'silenced' }, 'within');
    expect(await story.heard('page')).toEqual(['0 trigger before']);
    await story.fastForward(24);
    expect(await story.heard('chat')).toEqual([]);
    await story.fastForward(60);
    expect(await story.heard('page')).toEqual(['50 trigger within']);
    expect((await story.heard('chat')).toSorted()).toEqual([
      '50 trigger before',
      '70 trigger within',
    ]);
  }),
);

it(
  'a silence that is taken away early has people told at once',
  told(async (story) => {
    await story.policy(CHAIN);
    const id = await story.silence({ to: 300 });
    await story.event();
    await story.fastForward(10);
    await story.ask('ada', 'DELETE', `/v1/silences/${id}`);
    await story.calm();
    expect(await story.heard('page')).toEqual(['10 trigger']);
    await story.fastForward(25);
    expect(await story.heard('chat')).toEqual(['30 trigger']);
  }),
);

it(
  'an alert that is resolved under its silence tells nobody, then or when the silence ends',
  told(async (story) => {
    await story.policy(CHAIN);
    await story.silence({ to: 30 });
    await story.event();
    await story.fastForward(10);
    await story.act('rosa', 'resolve');
    await story.fastForward(60);
    expect((await story.prove()).deliveries).toEqual([]);
    expect((await story.explain()).verdict).toBe('silenced');
  }),
);

it(
  'a silence “until resolved” holds to the end of the alert that fires, and not its next life',
  told(async (story) => {
    await story.policy(CHAIN);
    await story.event();
    const id = await story.silence({ until_resolved: true });
    await story.fastForward(120);
    expect(await story.heard('page')).toEqual(['0 trigger']);
    expect((await story.alert()).suppressed_by).toEqual([{ reason: 'silence', id }]);
    await story.act('rosa', 'resolve');
    expect(await story.heard('page')).toEqual(['120 resolve']);
    await story.fastForward(1);
    await story.event();
    expect(await story.alert()).toMatchObject({ state: 'OPEN', suppressed_by: [], count: 2 });
    expect(await story.heard('page')).toEqual(['121 trigger']);
  }),
);

it(
  'the end of a silence is announced once, at the time it says, and not after it was taken away',
  told(async (story) => {
    const id = await story.silence({ to: 60, reminder_minutes: 15 });
    const gone = await story.silence({ name: 'gone', to: 60, reminder_minutes: 15 });
    await story.ask('ada', 'DELETE', `/v1/silences/${gone}`);
    await story.fastForward(90);
    const said = await story.journal('silence.ending');
    expect(said.map(({ subject, at }) => [subject.id, story.minuteOf(at)])).toEqual([[id, 45]]);
  }),
);

it(
  'a silence of one tenant mutes nothing of another',
  told(async (story) => {
    const id = await story.silence({ to: 600 });
    const { scenario } = story.stage;
    const key = scenario.instance.services.ssm.getParameter(PARAMETERS.signingKey)!;
    const event = { source: 'story', type: 'told.warn', service: story.service };
    const bytes = Buffer.from(JSON.stringify({ ...event, payload: { name: 'theirs' } }));
    await scenario.put([{ bytes, partition_key: signTenantKey(key, 'other', 'n', bytes) }]);
    await story.event('ours');
    await story.expectHeld({ reason: 'silence', id, outcome: 'silenced' }, 'ours');
    const { items } = await story.ask('tove', 'GET', `/v1/alerts?service=${story.service}`);
    expect(items).toMatchObject([{ state: 'OPEN', suppressed_by: [], tenant: 'other' }]);
    const path = `/v1/alerts/${items[0].alert_id}/deliveries`;
    const { items: deliveries } = await story.ask('tove', 'GET', path);
    expect(deliveries.map(({ status }: { status: string }) => status)).toEqual(['SENT', 'SENT']);
  }),
);
