import { expect, it } from 'vitest';

import { useStage } from './stage.testing.ts';
import type { Story } from './story.testing.ts';

const told = useStage();

const CHAIN = [
  [0, 'page'],
  [20, 'chat'],
] as const;

/** Work on this story's service that begins at a minute of it, in wall time of UTC. */
async function maintain(story: Story, from: number, minutes: number, more = {}): Promise<string> {
  const maintenance_id = story.id('work');
  await story.put('maintenance', 'maintenance_id', {
    maintenance_id,
    comment: 'patches',
    matchers: [{ field: 'service', op: '=', value: story.service }],
    time_zone: 'UTC',
    starts_at: story.minute(from).slice(0, 16),
    duration_minutes: minutes,
    ...more,
  });
  return maintenance_id;
}

it(
  'a maintenance window that ends while an alert still fires has people told once, at its end',
  told(async (story) => {
    await story.policy(CHAIN);
    const id = await maintain(story, 0, 30, { rrule: 'FREQ=DAILY' });
    await story.event('disk', { times: 4 });
    await story.expectHeld({ reason: 'maintenance', id, count: 4, outcome: 'maintenance' });
    await story.fastForward(60);
    // Windows begin with a whole minute, the story within one.
    expect(['29 trigger', '30 trigger']).toContain((await story.heard('page')).join());
    expect(['49 trigger', '50 trigger']).toContain((await story.heard('chat')).join());
  }),
);

it(
  'an alert that is resolved before its maintenance ends tells nobody',
  told(async (story) => {
    await story.policy(CHAIN);
    const id = await maintain(story, 0, 40);
    await story.event();
    await story.fastForward(20);
    await story.expectHeld({ reason: 'maintenance', id, outcome: 'maintenance' });
    await story.act('rosa', 'resolve');
    await story.fastForward(60);
    expect((await story.prove()).deliveries).toEqual([]);
    expect((await story.explain()).verdict).toBe('maintenance');
  }),
);

it(
  'a recurring window holds again the next day, and in between people are told at once',
  told(async (story) => {
    await story.policy([[0, 'page']]);
    const id = await maintain(story, 0, 60, { rrule: 'FREQ=DAILY' });
    await story.fastForward(120);
    await story.event('between');
    expect(await story.heard('page')).toEqual(['120 trigger between']);
    await story.fastForward(24 * 60 - 100);
    await story.event('again');
    await story.expectHeld({ reason: 'maintenance', id, outcome: 'maintenance' }, 'again');
    await story.fastForward(60);
    expect(await story.heard('page')).toHaveLength(1);
  }),
);

/** While something of `source` is active, things of `target` in the same service are told to nobody. */
async function inhibit(story: Story, more = {}): Promise<string> {
  const inhibition_id = story.id('follows');
  const ours = { field: 'service', op: '=~', value: `${story.service}.*` };
  const called = (value: string) => ({ field: 'group.payload.name', op: '=', value });
  await story.put('inhibitions', 'inhibition_id', {
    inhibition_id,
    comment: 'replicas follow their primary',
    source: [ours, called('primary')],
    target: [ours, called('replica')],
    equal: ['service'],
    ...more,
  });
  return inhibition_id;
}

it(
  'what follows from another alert is held while that is active, and told once it is resolved',
  told(async (story) => {
    await story.policy(CHAIN);
    const id = await inhibit(story);
    await story.event('primary');
    await story.event('replica', { times: 2 });
    await story.expectHeld({ reason: 'inhibition', id, count: 2, outcome: 'inhibited' }, 'replica');
    await story.act('rosa', 'ack', 'primary');
    await story.fastForward(10);
    await story.expectHeld({ reason: 'inhibition', id, count: 2, outcome: 'inhibited' }, 'replica');
    await story.act('rosa', 'resolve', 'primary');
    expect(await story.heard('page')).toEqual([
      '0 trigger primary',
      '0 acknowledge primary',
      '10 resolve primary',
      '10 trigger replica',
    ]);
    await story.fastForward(30);
    expect(await story.heard('chat')).toEqual(['30 trigger replica']);
  }),
);

it(
  'an inhibition holds only where the fields of “equal” agree',
  told(async (story) => {
    await story.policy(CHAIN, { match: { service: [story.service, `${story.service}-b`] } });
    const id = await inhibit(story);
    await story.event('primary');
    await story.event('replica');
    await story.expectHeld({ reason: 'inhibition', id, outcome: 'inhibited' }, 'replica');
    await story.event('replica', { service: `${story.service}-b` });
    expect(await story.heard('page')).toEqual(['0 trigger primary', '0 trigger replica']);
    await story.act('rosa', 'resolve', 'primary');
    expect(await story.heard('page')).toEqual(['0 resolve primary', '0 trigger replica']);
  }),
);

it(
  'an inhibition holds back nothing CRITICAL',
  told(async (story) => {
    await story.policy([[0, 'page']]);
    await inhibit(story);
    await story.event('primary');
    await story.event('replica', { severity: 'CRITICAL' });
    const heard = await story.heard('page');
    expect(heard).toEqual(expect.arrayContaining(['0 trigger primary', '0 trigger replica']));
    expect((await story.alert('replica')).suppressed_by).toEqual([]);
  }),
);

it(
  'an inhibition that says so holds back CRITICAL as well',
  told(async (story) => {
    await story.policy([[0, 'page']]);
    const id = await inhibit(story, { holds_critical: true });
    await story.event('primary');
    await story.event('replica', { severity: 'CRITICAL', times: 3 });
    await story.fastForward(20);
    await story.expectHeld({ reason: 'inhibition', id, count: 3, outcome: 'inhibited' }, 'replica');
    expect(await story.heard('page')).toEqual(['0 trigger primary']);
  }),
);

it(
  'an inhibition that is taken away tells what it held back at once',
  told(async (story) => {
    await story.policy([[0, 'page']]);
    const id = await inhibit(story);
    await story.event('primary');
    await story.event('replica');
    await story.fastForward(10);
    expect(await story.heard('page')).toEqual(['0 trigger primary']);
    await story.ask('ada', 'DELETE', `/v1/inhibitions/${id}`);
    await story.calm();
    expect(await story.heard('page')).toEqual(['10 trigger replica']);
  }),
);

it(
  'what keeps going away by itself is waited for and told when it stays; CRITICAL never waits',
  told(async (story) => {
    await story.policy([[5, 'page']]);
    // Each life ends by itself within five minutes, before the first step; the eleventh lasts.
    for (let life = 1; life <= 11; life++) {
      await story.event('nervous', { type: 'told.beat' });
      await story.event('grave', { type: 'told.beat.critical' });
      await story.fastForward(2.2);
    }
    expect(await story.heard('page')).toEqual([]);
    expect(await story.alert('nervous')).toMatchObject({ rule_id: 'told-absent', episode: 11 });
    const { fatigue_score } = await story.alert('grave');
    expect(fatigue_score).toBeGreaterThan(0.8);
    expect((await story.alert('grave')).suppressed_by).toEqual([]);
    await story.expectHeld({ reason: 'fatigue', outcome: 'fatigue' }, 'nervous');
    await story.fastForward(30);
    const { outcomes } = await story.explain('nervous');
    expect(outcomes).toEqual(expect.arrayContaining(['fatigue', 'released', 'delivered']));
    const names = (await story.heard('page')).map((words) => words.replace(/^\d+ /, ''));
    expect(names).toEqual(['trigger grave', 'trigger nervous']);
  }),
);

it(
  'an alert that is held by two at once is told when the last of them ends',
  told(async (story) => {
    await story.policy([[0, 'page']]);
    const silence = await story.silence({ to: 20 });
    const window = await maintain(story, 0, 50);
    await story.event();
    await story.expectHeld({ reason: 'silence', id: silence, outcome: 'silenced' });
    await story.expectHeld({ reason: 'maintenance', id: window, outcome: 'silenced' });
    await story.fastForward(40);
    expect((await story.alert()).suppressed_by).toEqual([{ reason: 'maintenance', id: window }]);
    await story.fastForward(30);
    expect(await story.heard('page')).toHaveLength(1);
  }),
);
