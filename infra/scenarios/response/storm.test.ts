import { expect, it } from 'vitest';

import { useStage } from './stage.testing.ts';

const told = useStage();
/** The fault matrix runs it with 300. */
const QUEUED = Number(process.env['SENTRY_QUEUED_ALERTS'] ?? 60);

/** The alerts that a receiver's messages name, one for each naming. */
const named = (heard: readonly string[]) =>
  heard.flatMap((words) => words.split(' ').slice(2)).toSorted();

it(
  'a storm goes out in digests that name every alert once; hooks hear of each by itself',
  told(async (story) => {
    const names = Array.from({ length: 45 }, (_, n) => `host-${100 + n}`);
    story.leave();
    await story.policy([[0, 'chat', 'mail', 'hook']]);
    await story.events(names);
    await story.drain(5);
    const chat = await story.heard('chat');
    expect(named(chat)).toEqual(names);
    // How many there are depends on the machine's pace; shared/notification/pace.test.ts holds that.
    expect(Math.max(...chat.map((words) => named([words]).length))).toBeGreaterThan(1);
    expect(named(await story.heard('mail'))).toEqual(names);
    expect(named(await story.heard('hook'))).toEqual(names);
  }),
  240_000,
);

it(
  'queued alerts of one service keep no other waiting: not its own pager, and not what is CRITICAL',
  told(async (story) => {
    const names = Array.from({ length: QUEUED }, (_, n) => `host-${100 + n}`);
    const other = `${story.service}-b`;
    story.leave();
    await story.policy([[0, 'page']], { match: { service: [story.service] } });
    await story.policy([[0, 'page-2', 'page']], { name: 'other', match: { service: [other] } });
    await story.events(names);
    await story.event('grave', { service: other, severity: 'CRITICAL' });
    await story.event('mild', { service: other });
    const { deliveries: grave } = await story.prove('grave');
    expect(grave).toMatchObject([{ status: 'SENT' }, { status: 'SENT' }]);
    expect(grave.map(({ put_off }) => put_off)).toEqual([undefined, undefined]);
    const { deliveries: mild } = await story.prove('mild');
    const own = mild.find(({ destination }) => destination === story.id('page-2'));
    expect([own?.status, own?.put_off]).toEqual(['SENT', undefined]);
    await story.drain(10);
    const all = [...names, 'grave', 'incident', 'mild'].toSorted();
    expect(named(await story.heard('page'))).toEqual(all);
    expect(named(await story.heard('page-2'))).toEqual(['grave', 'incident', 'mild']);
    // There was a queue.
    expect((await story.prove(names.at(-1))).deliveries).toMatchObject([{ status: 'SENT' }]);
    expect(await story.waited()).toBeGreaterThan(0);
  }),
  400_000,
);
