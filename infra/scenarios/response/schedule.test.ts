import { expect, it } from 'vitest';

import { useStage } from './stage.testing.ts';
import type { Story } from './story.testing.ts';

const told = useStage();

const HOUR_MS = 3_600_000;
const PAGERS = { rosa: 'page', ruth: 'page-2' };

/** One person all week; the layer says who, `more` what is special about it. */
const layer = (users: readonly string[], more: object = {}) => ({
  name: users.join('-'),
  users,
  starts_on: '2020-01-01',
  hand_over_at: '00:00',
  rotation: { unit: 'weeks', length: 1 },
  ...more,
});

/** Wall time of an instant, as `HH:MM` in a zone. */
function wallTime(instant: string, timeZone: string): string {
  return new Date(instant).toLocaleTimeString('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
  });
}

/** Who a delivery was for, in order of the steps. */
async function toldFor(story: Story): Promise<string[]> {
  const { deliveries } = await story.prove();
  return deliveries.map(({ for_user }) => for_user ?? 'nobody in particular');
}

it(
  'a step resolves its schedule when it is taken: a hand-over during the alert tells the next person',
  told(async (story) => {
    const handOver = story.minute(30);
    const day = story.minute(30 - 24 * 60).slice(0, 10);
    await story.rota(PAGERS, {
      layers: [
        layer(['rosa', 'ruth'], {
          starts_on: day,
          hand_over_at: wallTime(handOver, 'UTC'),
          rotation: { unit: 'days', length: 1 },
        }),
      ],
    });
    await story.policy([
      [0, 'rota'],
      [60, 'rota'],
    ]);
    await story.event();
    await story.fastForward(90);
    expect(await story.heard('page')).toEqual(['0 trigger']);
    expect(await story.heard('page-2')).toEqual(['60 trigger']);
    expect(await toldFor(story)).toEqual(['rosa', 'ruth']);
    expect((await story.explain()).outcomes.filter((one) => one === 'on_call')).toHaveLength(2);
  }),
);

it(
  'an override puts another person in the place of whoever the layers say, and then they are back',
  told(async (story) => {
    await story.rota(PAGERS, {
      layers: [layer(['rosa'])],
      overrides: [
        { override_id: 'swap', user: 'ruth', from: story.minute(-60), to: story.minute(15) },
      ],
    });
    await story.policy([
      [0, 'rota'],
      [20, 'rota'],
    ]);
    await story.event();
    await story.fastForward(60);
    expect(await story.heard('page-2')).toEqual(['0 trigger']);
    expect(await story.heard('page')).toEqual(['20 trigger']);
  }),
);

it(
  'a step that nobody is on call for goes to the next at once, and the explanation says so',
  told(async (story) => {
    const from = wallTime(story.minute(-180), 'UTC');
    const to = wallTime(story.minute(-120), 'UTC');
    await story.rota(PAGERS, {
      layers: [layer(['rosa'], { restrictions: [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from, to }] })],
    });
    await story.policy([
      [0, 'rota'],
      [30, 'chat'],
      [30, 'mail'],
    ]);
    await story.event();
    await story.fastForward(90);
    expect(await story.heard('chat')).toEqual(['0 trigger']);
    expect(await story.heard('mail')).toEqual(['30 trigger']);
    const { outcomes } = await story.explain();
    expect(outcomes).toEqual(expect.arrayContaining(['nobody_on_call', 'reached_nobody']));
    expect(await story.alert()).toMatchObject({ escalation_level: 3 });
  }),
);

it(
  'with nobody on call for any step nobody is told, and that is the reason given',
  told(async (story) => {
    const from = wallTime(story.minute(-180), 'UTC');
    const to = wallTime(story.minute(-120), 'UTC');
    await story.rota(PAGERS, {
      layers: [layer(['rosa'], { restrictions: [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from, to }] })],
    });
    await story.policy([[0, 'rota']]);
    await story.event('disk', { times: 3 });
    await story.fastForward(30);
    expect(await story.alert()).toMatchObject({ state: 'OPEN', count: 3, suppressed_by: [] });
    expect((await story.explain()).verdict).toBe('nobody_on_call');
    expect((await story.prove()).deliveries).toEqual([]);
  }),
);

it(
  'a later layer wins over an earlier one in its hours, and outside them the earlier has it',
  told(async (story) => {
    const restrictions = [
      {
        weekdays: [1, 2, 3, 4, 5, 6, 7],
        from: wallTime(story.minute(-60), 'UTC'),
        to: wallTime(story.minute(20), 'UTC'),
      },
    ];
    await story.rota(PAGERS, { layers: [layer(['rosa']), layer(['ruth'], { restrictions })] });
    await story.policy([
      [0, 'rota'],
      [40, 'rota'],
    ]);
    await story.event();
    await story.fastForward(60);
    expect(await story.heard('page-2')).toEqual(['0 trigger']);
    expect(await story.heard('page')).toEqual(['40 trigger']);
  }),
);

it(
  'a schedule edited under way is asked as it stands when the step is taken, and its version is kept',
  told(async (story) => {
    await story.rota(PAGERS, { layers: [layer(['rosa'])] });
    await story.policy([
      [0, 'rota'],
      [10, 'rota'],
    ]);
    await story.event();
    await story.fastForward(5);
    await story.rota(PAGERS, { layers: [layer(['ruth'])] });
    await story.fastForward(30);
    expect(await story.heard('page')).toEqual(['0 trigger']);
    expect(await story.heard('page-2')).toEqual(['10 trigger']);
    const { deliveries } = await story.prove();
    expect(deliveries.map(({ schedule_version }) => schedule_version)).toEqual([1, 2]);
  }),
);

it(
  'a pager that is named by a step and belongs to the person on call is told once',
  told(async (story) => {
    await story.rota(PAGERS, { layers: [layer(['rosa'])] });
    await story.policy([[0, 'page', 'rota', 'chat']]);
    await story.event();
    await story.fastForward(30);
    expect(await story.heard('page')).toEqual(['0 trigger']);
    expect(await story.heard('chat')).toEqual(['0 trigger']);
  }),
);

/** The next night in which Berlin's clocks change: the instant of the change, RFC 3339. */
function nextChange(after: number, direction: 'spring' | 'autumn'): string {
  const offset = (at: number) =>
    new Date(at).toLocaleString('en-GB', { timeZone: 'Europe/Berlin', timeZoneName: 'longOffset' });
  const isSummer = (at: number) => offset(at).endsWith('+02:00');
  for (let hour = Math.ceil(after / HOUR_MS) + 6; ; hour++) {
    const [before, now] = [isSummer((hour - 1) * HOUR_MS), isSummer(hour * HOUR_MS)];
    if (before !== now && now === (direction === 'spring'))
      return new Date(hour * HOUR_MS).toISOString();
  }
}

it.each(['spring', 'autumn'] as const)(
  'in the night of the %s change hand-over is at the same wall time in Berlin, once',
  (direction) =>
    told(async (story) => {
      const change = Date.parse(nextChange(story.stage.scenario.instance.clock.now(), direction));
      const day = new Date(change).toISOString().slice(0, 10);
      const before = new Date(change - 24 * HOUR_MS).toISOString().slice(0, 10);
      await story.rota(PAGERS, {
        time_zone: 'Europe/Berlin',
        layers: [
          layer(['rosa', 'ruth'], {
            starts_on: before,
            hand_over_at: '06:00',
            rotation: { unit: 'days', length: 1 },
          }),
        ],
      });
      // 06:00 in Berlin after the change, whichever hour was left out or came twice.
      const offset = direction === 'spring' ? '+02:00' : '+01:00';
      const handOver = Date.parse(`${day}T06:00:00${offset}`);
      await story.policy([[0, 'rota']]);
      await story.fastForwardTo(new Date(handOver - 10 * 60_000).toISOString());
      await story.event('last-of-the-night');
      await story.fastForwardTo(new Date(handOver + 10 * 60_000).toISOString());
      await story.event('first-of-the-day');
      const tellers = (await story.heard('page')).concat('|', await story.heard('page-2'));
      expect(tellers.map((words) => words.replace(/^\d+ /, ''))).toEqual([
        'trigger last-of-the-night',
        '|',
        'trigger first-of-the-day',
      ]);
    })(),
);
