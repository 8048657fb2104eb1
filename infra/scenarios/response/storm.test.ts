import { expect, it } from 'vitest';

import { useStage } from './stage.testing.ts';

const told = useStage();

/** The alerts that a receiver's messages name, one for each naming. */
const named = (heard: readonly string[]) =>
  heard.flatMap((words) => words.split(' ').slice(2)).toSorted();

it(
  'a digest in a storm names every alert once, in far fewer messages; hooks hear of each by itself',
  told(async (story) => {
    const names = Array.from({ length: 45 }, (_, n) => `host-${100 + n}`);
    story.leave();
    await story.policy([[0, 'chat', 'mail', 'hook']]);
    await story.events(names);
    await story.fastForward(3, 5);
    const chat = await story.heard('chat');
    expect(named(chat)).toEqual(names);
    expect(chat.length).toBeLessThan(25);
    expect(named(await story.heard('mail'))).toEqual(names);
    expect(named(await story.heard('hook'))).toEqual(names);
  }),
  240_000,
);

it(
  '300 queued alerts of one service keep no other waiting: not its own pager, and not what is CRITICAL',
  told(async (story) => {
    const names = Array.from({ length: 300 }, (_, n) => `host-${100 + n}`);
    story.leave();
    const other = `${story.service}-b`;
    await story.policy([[0, 'page']], { match: { service: [story.service] } });
    await story.policy([[0, 'page-2', 'page']], { name: 'other', match: { service: [other] } });
    await story.events(names);
    await story.event('grave', { service: other, severity: 'CRITICAL' });
    const early = await story.heard('page');
    expect(early.length).toBeLessThan(200);
    expect(early).toContain('0 trigger grave');
    expect((await story.heard('page-2')).toSorted()).toEqual([
      '0 trigger grave',
      '0 trigger incident',
    ]);
    await story.fastForward(6, 10);
    const late = await story.heard('page');
    expect(named([...early, ...late])).toEqual([...names, 'grave', 'incident'].toSorted());
  }),
  240_000,
);
