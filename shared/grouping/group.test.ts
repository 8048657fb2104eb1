import { describe, expect, it } from 'vitest';

import { createGroupRig } from '#shared/testing/group-rig.ts';
import { buildSilence } from '#shared/testing/build-silence.ts';

const HOUR = 3_600;

describe('a group', () => {
  it('waits for more, and then tells of all of them in one message', async () => {
    const rig = createGroupRig();
    for (let host = 0; host < 30; host++) {
      await rig.fire(`h${host}`);
      await rig.pass(0.5);
    }
    expect(rig.deliveries()).toEqual([]);
    await rig.pass(15);
    expect(rig.told()).toMatchObject([{ number: 1, at: 30, reason: 'first' }]);
    expect(rig.told()[0]!.firing).toHaveLength(30);
    expect(rig.own()).toMatchObject({ state: 'OPEN', count: 30, title: '30 alerts: CPU of h0' });
    const destinations = rig.deliveries().map(({ destination }) => destination);
    expect(new Set(destinations).size).toBe(destinations.length);
    expect(new Set(rig.deliveries().map(({ alert_id }) => alert_id))).toEqual(
      new Set([rig.own()!.alert_id]),
    );
  });

  it('tells of what comes later with the next interval, and of what is over beside it', async () => {
    const rig = createGroupRig();
    await rig.fire('a');
    await rig.pass(60);
    await rig.fire('b');
    await rig.over('a');
    await rig.pass(269);
    expect(rig.told()).toHaveLength(1);
    await rig.pass(1);
    expect(rig.told()[1]).toEqual({
      number: 2,
      at: 330,
      reason: 'firing',
      firing: ['b'],
      resolved: ['a'],
    });
  });

  it('is told again when it fires on for the repeat interval, and not before', async () => {
    const rig = createGroupRig();
    await rig.fire('a');
    await rig.pass(4 * HOUR + 29);
    expect(rig.told()).toHaveLength(1);
    await rig.pass(1);
    expect(rig.told()[1]).toMatchObject({ number: 2, reason: 'repeat', at: 4 * HOUR + 30 });
    await rig.pass(4 * HOUR);
    expect(rig.told()).toHaveLength(3);
  });

  it('that is over before its first message tells nobody, and leaves nothing behind', async () => {
    const rig = createGroupRig();
    await rig.fire('a');
    await rig.fire('b');
    await rig.over('a');
    await rig.over('b');
    await rig.pass(5 * HOUR);
    expect(rig.told()).toEqual([]);
    expect(rig.own()).toBeUndefined();
    expect(rig.timersOf('group')).toEqual([]);
  });

  it('tells that all of it is over with the next interval, and then begins anew', async () => {
    const rig = createGroupRig();
    await rig.fire('a');
    await rig.pass(100);
    await rig.over('a');
    await rig.pass(229);
    expect(rig.own()!.state).toBe('OPEN');
    await rig.pass(1);
    expect(rig.own()!.state).toBe('RESOLVED');
    expect(rig.deliveries().find(({ channel }) => channel === 'pagerduty')!.desired).toBe(
      'resolve',
    );
    const first = rig.own()!.alert_id;
    await rig.fire('b');
    await rig.pass(30);
    expect(rig.own()!.alert_id).not.toBe(first);
    expect(rig.told().map(({ reason }) => reason)).toEqual(['first', 'over', 'first']);
  });

  it('is told at once of a CRITICAL alert, with all that waits', async () => {
    const rig = createGroupRig();
    await rig.fire('a');
    await rig.pass(10);
    await rig.fire('b', 'CRITICAL');
    await rig.pass(0);
    expect(rig.told()).toMatchObject([{ at: 10, firing: ['a', 'b'] }]);
    await rig.pass(20);
    await rig.fire('c', 'CRITICAL');
    await rig.pass(0);
    expect(rig.told()[1]).toMatchObject({ at: 30, firing: ['a', 'b', 'c'] });
  });

  it('is told at once of one that becomes CRITICAL', async () => {
    const rig = createGroupRig();
    await rig.fire('a');
    await rig.pass(60);
    await rig.fire('a', 'CRITICAL');
    await rig.pass(0);
    expect(rig.told()[1]).toMatchObject({ at: 60, reason: 'firing', firing: ['a'] });
  });

  it('is one for each set of labels', async () => {
    const rig = createGroupRig({ by: ['service'] });
    await rig.fire('a', 'ERROR', 'checkout');
    await rig.fire('b', 'ERROR', 'search');
    await rig.fire('c', 'ERROR', 'search');
    await rig.pass(30);
    expect(rig.told().map(({ firing }) => firing)).toEqual([['a'], ['b', 'c']]);
  });

  it('takes 200 alerts; what comes then is another of the same labels', async () => {
    const rig = createGroupRig();
    for (let host = 0; host < 203; host++) await rig.fire(`h${host}`);
    await rig.pass(30);
    const sizes = rig.told().map(({ firing }) => firing.length);
    expect(sizes.toSorted((a, b) => a - b)).toEqual([3, 200]);
  });
});

describe('people', () => {
  it('who acknowledge the last of its alerts stop its escalation in the same commit', async () => {
    const rig = createGroupRig();
    await rig.fire('a');
    await rig.fire('b');
    await rig.pass(31);
    expect(rig.timersOf('escalate')).toHaveLength(1);
    await rig.ack('a');
    expect(rig.own()!.state).toBe('OPEN');
    await rig.ack('b');
    expect(rig.own()).toMatchObject({ state: 'ACK', acknowledged_by: 'user:rosa' });
    expect(rig.timersOf('escalate')).toEqual([]);
    await rig.pass(5 * HOUR);
    expect(rig.told()).toHaveLength(1);
  });

  it('who acknowledge the group acknowledge each of its alerts', async () => {
    const rig = createGroupRig();
    for (const name of ['a', 'b', 'c']) await rig.fire(name);
    await rig.pass(31);
    await rig.ack(rig.own()!.group_key);
    await rig.pass(0);
    for (const name of ['a', 'b', 'c'])
      expect(rig.alertOf(name)).toMatchObject({ state: 'ACK', acknowledged_by: 'user:rosa' });
    expect(rig.groups()[0]!.wish).toBeUndefined();
    await rig.fire('d');
    await rig.pass(300);
    expect(rig.own()!.state).toBe('OPEN');
    expect(rig.told()[1]).toMatchObject({ firing: ['a', 'b', 'c', 'd'] });
  });

  it('who resolve the group resolve each of its alerts', async () => {
    const rig = createGroupRig();
    for (const name of ['a', 'b']) await rig.fire(name);
    await rig.pass(31);
    await rig.over(rig.own()!.group_key);
    await rig.pass(0);
    for (const name of ['a', 'b']) expect(rig.alertOf(name).state).toBe('RESOLVED');
    expect(rig.groups()[0]).toMatchObject({ members: [], ended_at: expect.any(String) });
    expect(rig.timersOf('group')).toEqual([]);
  });

  it('nobody is paged for alerts that were acknowledged during the wait', async () => {
    const rig = createGroupRig();
    await rig.fire('a');
    await rig.ack('a');
    await rig.pass(5 * HOUR);
    expect(rig.told()).toEqual([]);
    await rig.fire('b');
    await rig.pass(300);
    expect(rig.told()[0]).toMatchObject({ firing: ['a', 'b'] });
  });

  it('nobody is paged for a group whose alerts are all over, before that is told', async () => {
    const rig = createGroupRig();
    await rig.fire('a');
    await rig.pass(31);
    await rig.over('a');
    expect(rig.timersOf('escalate')).toEqual([]);
    await rig.fire('a');
    await rig.pass(299);
    expect(rig.timersOf('escalate')).toHaveLength(1);
    expect(rig.told()).toHaveLength(1);
  });
});

describe('what is held back', () => {
  it('is not named, and is told when nothing holds it back any more', async () => {
    const rig = createGroupRig();
    await rig.fire('a');
    await rig.fire('quiet');
    rig.rules.silences = [
      buildSilence({ matchers: [{ field: 'group.host', op: '=', value: 'quiet' }] }),
    ];
    await rig.recheck('deploy');
    await rig.pass(30);
    expect(rig.told()[0]!.firing).toEqual(['a']);
    rig.rules.silences = [];
    await rig.recheck('deploy');
    await rig.pass(300);
    expect(rig.told()[1]).toMatchObject({ at: 330, firing: ['a', 'quiet'] });
  });

  it('by time is seen as the message is made, though nobody asked before', async () => {
    const rig = createGroupRig();
    await rig.fire('a');
    await rig.fire('quiet');
    rig.rules.silences = [
      buildSilence({ matchers: [{ field: 'group.host', op: '=', value: 'quiet' }] }),
    ];
    await rig.pass(30);
    expect(rig.told()[0]!.firing).toEqual(['a']);
    rig.rules.silences = [];
    await rig.pass(300);
    expect(rig.told()[1]!.firing).toEqual(['a', 'quiet']);
  });
});
