import { expect, it } from 'vitest';

import { useStage } from './stage.testing.ts';

const told = useStage();

it('a story fails on a message that nobody asked for', async () => {
  const careless = told(async (story) => {
    await story.policy([[0, 'page', 'chat']]);
    await story.event();
    await story.heard('chat');
  });
  await expect(careless()).rejects.toThrow(/page/u);
});

it(
  'three steps are taken each at its minute, and nothing after the last',
  told(async (story) => {
    await story.policy([
      [0, 'page'],
      [5, 'chat'],
      [10, 'mail'],
    ]);
    await story.event();
    await story.fastForward(60);
    expect(await story.heard('page')).toEqual(['0 trigger']);
    expect(await story.heard('chat')).toEqual(['5 trigger']);
    expect(await story.heard('mail')).toEqual(['15 trigger']);
    expect(await story.alert()).toMatchObject({ escalation_level: 3, state: 'OPEN' });
    const { rows, open } = await story.prove();
    expect(rows.filter(({ what }) => what === 'sent')).toHaveLength(3);
    expect(open).toEqual([]);
  }),
);

it(
  'a first step with a delay tells nobody before it',
  told(async (story) => {
    await story.policy([[15, 'page']]);
    await story.event();
    await story.fastForward(14);
    expect(await story.heard('page')).toEqual([]);
    await story.fastForward(2);
    expect(await story.heard('page')).toEqual(['15 trigger']);
  }),
);

it(
  'a step with several targets tells each of them once, however many events there are',
  told(async (story) => {
    await story.policy([[0, 'page', 'chat', 'mail', 'hook']]);
    await story.event('disk', { times: 5 });
    await story.fastForward(30);
    for (const receiver of ['page', 'chat', 'mail', 'hook'])
      expect(await story.heard(receiver)).toEqual(['0 trigger']);
    expect(await story.alert()).toMatchObject({ count: 5 });
  }),
);

it(
  'all steps are repeated twice, in their order, and then no more',
  told(async (story) => {
    const steps = [
      [0, 'page'],
      [10, 'chat'],
    ] as const;
    await story.policy(steps, { repeat: 2 });
    await story.event();
    await story.fastForward(180);
    expect(await story.heard('page')).toEqual(['0 trigger', '20 trigger', '40 trigger']);
    expect(await story.heard('chat')).toEqual(['10 trigger', '30 trigger', '50 trigger']);
    const alert = await story.alert();
    expect(alert).toMatchObject({ escalation_level: 6 });
    expect(alert.next_escalation_at).toBeUndefined();
  }),
);

it(
  'the policy says how long it waits before it repeats',
  told(async (story) => {
    await story.policy([[0, 'page']], { repeat: 2, repeat_delay_minutes: 30 });
    await story.event();
    await story.fastForward(120);
    expect(await story.heard('page')).toEqual(['0 trigger', '30 trigger', '60 trigger']);
  }),
);

it(
  'an acknowledgement between two steps cancels the rest, and the pager hears of it',
  told(async (story) => {
    await story.policy([
      [0, 'page'],
      [5, 'chat'],
      [10, 'page-2'],
    ]);
    await story.event();
    await story.fastForward(7);
    await story.act('rosa', 'ack');
    await story.fastForward(60);
    expect(await story.heard('page')).toEqual(['0 trigger', '7 acknowledge']);
    expect(await story.heard('chat')).toEqual(['5 trigger']);
    expect(await story.alert()).toMatchObject({ state: 'ACK', acknowledged_by: 'user:rosa' });
    expect((await story.explain()).outcomes).toContain('acknowledged');
  }),
);

it(
  'an acknowledgement before the first step tells nobody, and the explanation says so',
  told(async (story) => {
    await story.policy([[5, 'page', 'chat']]);
    await story.event();
    await story.act('rosa', 'ack');
    await story.fastForward(60);
    expect((await story.explain()).verdict).toBe('acknowledged_before_step');
    expect((await story.prove()).deliveries).toEqual([]);
  }),
);

it(
  'an acknowledgement at the very instant of a step ends it or comes after it, and never both ways',
  told(async (story) => {
    const names = ['a', 'b', 'c', 'd'];
    await story.policy([
      [0, 'page'],
      [5, 'page-2'],
      [5, 'mail'],
    ]);
    await story.events(names);
    const alerts = await Promise.all(names.map((name) => story.alert(name)));
    const due = Math.max(...alerts.map(({ next_escalation_at: at }) => Date.parse(at)));
    const { instance } = story.stage.scenario;
    instance.advance(due - instance.clock.now());
    await Promise.all(
      alerts.map(({ alert_id }) => story.ask('rosa', 'POST', `/v1/alerts/${alert_id}/ack`, {})),
    );
    await story.fastForward(60);
    const second = await story.heard('page-2');
    await story.heard('page');
    for (const name of names) {
      const alert = await story.alert(name);
      expect(alert.state).toBe('ACK');
      const timeline = await story.timeline(name);
      const isTaken = timeline.includes('Escalated to level 2');
      expect(alert.escalation_level).toBe(isTaken ? 2 : 1);
      // Whoever was told of the step hears that it is taken; whoever was not hears nothing.
      const heard = second.filter((words) => words.endsWith(` ${name}`));
      expect([
        [],
        ['5 trigger', '5 acknowledge'].map((words) => `${words} ${name}`),
      ]).toContainEqual(heard);
      if (!isTaken) expect(heard).toEqual([]);
      if (isTaken)
        expect(timeline.indexOf('Escalated to level 2')).toBeLessThan(
          timeline.findIndex((entry) => entry.startsWith('Acknowledged')),
        );
    }
  }),
);

it(
  'an acknowledgement that nobody follows up ends: the policy begins again and escalates on',
  told(async (story) => {
    const steps = [
      [0, 'page'],
      [10, 'chat'],
    ] as const;
    await story.policy(steps, { ack_timeout_minutes: 30 });
    await story.event();
    await story.fastForward(3);
    await story.act('rosa', 'ack');
    await story.fastForward(29);
    expect(await story.heard('page')).toEqual(['0 trigger', '3 acknowledge']);
    await story.fastForward(60);
    expect(await story.heard('page')).toEqual(['33 trigger']);
    expect(await story.heard('chat')).toEqual(['43 trigger']);
    expect(await story.alert()).toMatchObject({ state: 'OPEN', escalation_level: 3 });
    expect((await story.explain()).outcomes).toContain('acknowledgement_ended');
  }),
);

it(
  'a resolve within the acknowledgement’s time ends its clock for good',
  told(async (story) => {
    await story.policy([[0, 'page']], { ack_timeout_minutes: 30 });
    await story.event();
    await story.act('rosa', 'ack');
    await story.fastForward(20);
    await story.act('rosa', 'resolve');
    await story.fastForward(120);
    expect(await story.heard('page')).toEqual(['0 trigger', '0 acknowledge', '20 resolve']);
  }),
);

it(
  'an acknowledgement taken back tells the pager again and goes on with the next step',
  told(async (story) => {
    await story.policy([
      [0, 'page'],
      [10, 'chat'],
    ]);
    await story.event();
    await story.fastForward(4);
    await story.act('rosa', 'ack');
    await story.fastForward(16);
    await story.act('ada', 'unack');
    await story.fastForward(60);
    expect(await story.heard('page')).toEqual(['0 trigger', '4 acknowledge', '20 trigger']);
    expect(await story.heard('chat')).toEqual(['30 trigger']);
    expect((await story.explain()).outcomes).toContain('told_again');
  }),
);

it(
  'two different people have to acknowledge: one of them twice counts once, and it escalates on',
  told(async (story) => {
    const steps = [
      [0, 'page'],
      [5, 'chat'],
      [10, 'mail'],
      [10, 'page-2'],
    ] as const;
    await story.policy(steps, { acknowledgements: 2 });
    await story.event();
    await story.act('rosa', 'ack');
    await story.fastForward(7);
    expect(await story.act('rosa', 'ack')).toMatchObject({ state: 'OPEN' });
    await story.fastForward(10);
    expect(await story.alert()).toMatchObject({ acknowledgements: [{ actor: 'user:rosa' }] });
    expect(await story.act('ada', 'ack')).toMatchObject({ state: 'ACK' });
    await story.fastForward(60);
    expect(await story.heard('page')).toEqual(['0 trigger', '17 acknowledge']);
    expect(await story.heard('chat')).toEqual(['5 trigger']);
    expect(await story.heard('mail')).toEqual(['15 trigger']);
    expect((await story.explain()).outcomes).toContain('acknowledged_in_part');
  }),
);

it(
  'two people acknowledge at once: both are answered, one of them has it, and the pager hears once',
  told(async (story) => {
    await story.policy([[0, 'page']]);
    await story.event();
    const path = `/v1/alerts/${await story.idOf()}/ack`;
    const people = ['rosa', 'ada'];
    const answers = await Promise.all(
      people.map((user) => story.stage.ask(user, 'POST', path, {})),
    );
    await story.calm();
    const { acknowledged_by } = await story.alert();
    expect(people.map((user) => `user:${user}`)).toContain(acknowledged_by);
    for (const { status, json } of answers)
      expect([status, status === 200 ? json : json.current]).toMatchObject([
        status === 200 ? 200 : 409,
        { state: 'ACK', acknowledged_by },
      ]);
    expect(answers.map(({ status }) => status)).toContain(200);
    expect(await story.heard('page')).toEqual(['0 trigger', '0 acknowledge']);
    const late = await story.stage.ask('ada', 'POST', path, { if_version: 1 });
    if (acknowledged_by === 'user:rosa')
      expect([late.status, late.json.current]).toMatchObject([409, { acknowledged_by }]);
    else expect(late.status).toBe(200);
  }),
);

it(
  'an hour asleep leaves no step out and takes no two at once: each waits for its delay',
  told(async (story) => {
    await story.policy([
      [0, 'page'],
      [5, 'chat'],
      [10, 'mail'],
    ]);
    await story.event();
    story.stage.scenario.instance.advance(60 * 60_000);
    await story.fastForward(9);
    expect(await story.heard('page')).toEqual(['0 trigger']);
    expect(await story.heard('chat')).toEqual(['60 trigger']);
    await story.fastForward(10);
    expect(await story.heard('mail')).toEqual(['70 trigger']);
  }),
);
