import { describe, expect, it } from 'vitest';

import { IncidentSettings } from '#shared/incident/schema.ts';
import { buildAlert, buildTimer } from '#shared/testing/build-alert.ts';
import { buildPolicy, buildRule } from '#shared/testing/build-finding.ts';
import { buildInhibition, buildMaintenance, buildSilence } from '#shared/testing/build-silence.ts';
import { createResponseRig } from '#shared/testing/response-rig.ts';

import { decideRecheck } from './decide-recheck.ts';
import { NO_RESPONSE } from './rules.ts';

const FIRST_STEP = ['1 email-ops', '1 pagerduty-ops', '1 slack-ops', '1 webhook-ops'];
const BOTH_STEPS = [...FIRST_STEP, '2 pagerduty-second'];
const told = (rig: ReturnType<typeof createResponseRig>) => rig.told().toSorted();

describe('a silence', () => {
  it('that ends while the alert still fires has people told once, as if it opened then', async () => {
    const rig = createResponseRig({ silences: [buildSilence()] });
    await rig.find();
    await rig.find({ occurrences: 4 });
    expect(rig.only()).toMatchObject({
      count: 5,
      state: 'OPEN',
      suppressed_by: [{ reason: 'silence', id: 'deploy' }],
    });
    expect([rig.told(), rig.timers()]).toEqual([[], ['recheck 12:15']]);
    await rig.until('2026-03-01T13:59:59.999Z', 3);
    expect([rig.told(), rig.timers()]).toEqual([[], ['recheck 14:00']]);
    await rig.until('2026-03-01T14:14:59.999Z', 3);
    expect(told(rig)).toEqual(FIRST_STEP);
    expect(rig.only()).toMatchObject({ suppressed_by: [], escalation_level: 1 });
    await rig.until('2026-03-01T18:00:00.000Z', 3);
    expect(told(rig)).toEqual(BOTH_STEPS);
    expect((await rig.story()).slice(0, 2)).toEqual([
      'Opened with severity ERROR, told to nobody (silence deploy)',
      'Nothing holds it back any more (silence deploy): people are told from now on',
    ]);
  });

  it('that is looked at an hour too late has people told once all the same', async () => {
    const rig = createResponseRig({ silences: [buildSilence()] });
    await rig.find();
    rig.clock.now = Date.parse('2026-03-01T15:00:00.000Z');
    await rig.until('2026-03-01T15:00:00.000Z', 5);
    expect(told(rig)).toEqual(FIRST_STEP);
  });

  it('over an alert that is resolved meanwhile tells nobody', async () => {
    const rig = createResponseRig({ silences: [buildSilence()] });
    await rig.find();
    await rig.resolve();
    await rig.until('2026-03-01T18:00:00.000Z');
    expect([rig.told(), rig.timers(), rig.only().state]).toEqual([[], [], 'RESOLVED']);
  });

  it('that is removed early has people told once, at once', async () => {
    const rig = createResponseRig({ silences: [buildSilence()] });
    await rig.find();
    await rig.until('2026-03-01T12:30:00.000Z');
    rig.use({ silences: [] });
    expect(await rig.changed('silence', 'deploy')).toMatchObject({ released: 1, failed: 0 });
    expect(await rig.changed('silence', 'deploy')).toMatchObject({ released: 0, held: 0 });
    expect(told(rig)).toEqual(FIRST_STEP);
    await rig.until('2026-03-01T18:00:00.000Z', 2);
    expect(told(rig)).toEqual(BOTH_STEPS);
  });

  it('that is removed early lets its alerts into an incident, as their opening would have', async () => {
    const incidents = IncidentSettings.parse({});
    const rig = createResponseRig({ silences: [buildSilence()], incidents });
    await rig.find();
    await rig.find({ group_key: '4:host', group: { host: 'web-1' } });
    expect(rig.tables.incidents.size).toBe(0);
    rig.use({ silences: [] });
    expect(await rig.changed('silence', 'deploy')).toMatchObject({ released: 2, failed: 0 });
    expect(rig.tables.incidents.size).toBe(1);
    const members = [...rig.tables.alerts.values()].filter(({ row }) => row.incident_id);
    expect(members.length).toBeGreaterThanOrEqual(2);
  });

  it('whose removal was not followed up is found within 15 minutes', async () => {
    const rig = createResponseRig({ silences: [buildSilence()] });
    await rig.find();
    rig.use({ silences: [] });
    await rig.until('2026-03-01T12:15:00.000Z');
    expect(told(rig)).toEqual(FIRST_STEP);
  });

  it('that is shortened ends when it says now', async () => {
    const rig = createResponseRig({ silences: [buildSilence()] });
    await rig.find();
    rig.use({ silences: [buildSilence({ ends_at: '2026-03-01T12:04:00.000Z' })] });
    expect(await rig.changed('silence', 'deploy')).toMatchObject({ held: 1, released: 0 });
    await rig.until('2026-03-01T12:03:59.999Z');
    expect(rig.told()).toEqual([]);
    await rig.until('2026-03-01T12:04:00.000Z', 2);
    expect(told(rig)).toEqual(FIRST_STEP);
  });

  it('that is extended holds on, however often it is looked at', async () => {
    const rig = createResponseRig({ silences: [buildSilence()] });
    await rig.find();
    await rig.until('2026-03-01T13:50:00.000Z');
    rig.use({ silences: [buildSilence({ ends_at: '2026-03-01T20:00:00.000Z' })] });
    await rig.until('2026-03-01T19:59:59.999Z', 3);
    expect([rig.told(), (await rig.story()).length]).toEqual([[], 1]);
    await rig.until('2026-03-01T20:00:00.000Z');
    expect(told(rig)).toEqual(FIRST_STEP);
  });

  it('over very many alerts answers after 500, says so, and their timers do the rest', async () => {
    const rig = createResponseRig({ silences: [buildSilence()] });
    for (let n = 0; n < 650; n++) await rig.find({ group_key: `host-${n}` });
    rig.use({ silences: [] });
    const first = await rig.changed('silence', 'deploy');
    expect(first).toEqual({ held: 0, released: 500, failed: 0, truncated: true });
    await rig.until('2026-03-01T12:15:00.000Z');
    const held = [...rig.tables.alerts.values()].filter(({ row }) => row.suppressed_by.length > 0);
    expect(held).toEqual([]);
  });

  it('beside a longer one holds until the last of them ends', async () => {
    const longer = buildSilence({ silence_id: 'longer', ends_at: '2026-03-01T16:00:00.000Z' });
    const rig = createResponseRig({ silences: [buildSilence(), longer] });
    await rig.find();
    await rig.until('2026-03-01T15:59:59.999Z');
    expect([rig.told(), rig.only().suppressed_by]).toEqual([
      [],
      [{ reason: 'silence', id: 'longer' }],
    ]);
    await rig.until('2026-03-01T16:00:00.000Z');
    expect(told(rig)).toEqual(FIRST_STEP);
  });

  it('made after people were told holds back the next step, and then it is taken once', async () => {
    const rig = createResponseRig();
    await rig.find();
    rig.use({ silences: [buildSilence()] });
    expect(await rig.changed('silence', 'deploy')).toMatchObject({ held: 1 });
    expect(rig.only().suppressed_by).toEqual([{ reason: 'silence', id: 'deploy' }]);
    await rig.until('2026-03-01T13:59:00.000Z', 2);
    expect(told(rig)).toEqual(FIRST_STEP);
    await rig.until('2026-03-01T14:00:00.000Z', 2);
    expect(told(rig)).toEqual(BOTH_STEPS);
    await rig.until('2026-03-01T18:00:00.000Z', 2);
    expect(told(rig)).toEqual(BOTH_STEPS);
    expect(await rig.story()).toEqual(
      expect.arrayContaining([
        'Told to nobody from now on (silence deploy)',
        'The next step is held back (silence deploy)',
      ]),
    );
  });

  it('that nobody followed up is asked by the step itself', async () => {
    const rig = createResponseRig();
    await rig.find();
    rig.use({ silences: [buildSilence()] });
    await rig.until('2026-03-01T13:59:00.000Z', 2);
    expect(told(rig)).toEqual(FIRST_STEP);
    await rig.until('2026-03-01T18:00:00.000Z', 2);
    expect(told(rig)).toEqual(BOTH_STEPS);
  });

  it('that ends before the next step is due leaves its time as it was', async () => {
    const rig = createResponseRig();
    await rig.find();
    rig.use({ silences: [buildSilence({ ends_at: '2026-03-01T12:05:00.000Z' })] });
    await rig.changed('silence', 'deploy');
    await rig.until('2026-03-01T12:14:59.000Z');
    expect([told(rig), rig.only().suppressed_by]).toEqual([FIRST_STEP, []]);
    await rig.until('2026-03-01T12:15:00.000Z');
    expect(told(rig)).toEqual(BOTH_STEPS);
  });

  it('leaves an acknowledgement alone, during and after', async () => {
    const rig = createResponseRig();
    await rig.find();
    await rig.acknowledge();
    rig.use({ silences: [buildSilence()] });
    await rig.changed('silence', 'deploy');
    expect(rig.only()).toMatchObject({ state: 'ACK', acknowledged_by: 'user:rosa' });
    await rig.until('2026-03-01T18:00:00.000Z');
    expect(rig.only()).toMatchObject({ state: 'ACK', suppressed_by: [] });
    expect([told(rig), rig.timers()]).toEqual([FIRST_STEP, []]);
  });

  it('over an alert that is acknowledged under it ends without a word', async () => {
    const rig = createResponseRig({ silences: [buildSilence()] });
    await rig.find();
    await rig.acknowledge();
    await rig.until('2026-03-01T18:00:00.000Z');
    expect(rig.only()).toMatchObject({ state: 'ACK', suppressed_by: [] });
    expect([rig.told(), rig.timers()]).toEqual([[], []]);
  });

  it('that ended over an acknowledged alert leaves nobody untold when that is taken back', async () => {
    const rig = createResponseRig({ silences: [buildSilence()] });
    await rig.find();
    await rig.acknowledge();
    await rig.until('2026-03-01T14:00:00.000Z');
    await rig.unacknowledge();
    await rig.until('2026-03-01T14:00:00.000Z', 2);
    expect(told(rig)).toEqual(FIRST_STEP);
  });

  it('keeps those from hearing it anew who heard an acknowledgement that is taken back', async () => {
    const rig = createResponseRig();
    await rig.find();
    await rig.acknowledge();
    rig.use({ silences: [buildSilence()] });
    await rig.changed('silence', 'deploy');
    await rig.unacknowledge();
    const pager = () =>
      [...rig.tables.deliveries.values()].find(({ row }) => row.channel === 'pagerduty')!.row;
    expect(pager().desired).toBe('acknowledge');
    await rig.until('2026-03-01T13:59:00.000Z');
    expect([pager().desired, told(rig)]).toEqual(['acknowledge', FIRST_STEP]);
    await rig.until('2026-03-01T14:00:00.000Z');
    expect(pager().desired).toBe('trigger');
  });

  it('over an alert that comes back keeps its receivers from hearing of it until it ends', async () => {
    const rig = createResponseRig();
    await rig.find();
    await rig.resolve();
    rig.use({ silences: [buildSilence()] });
    rig.clock.now += 60_000;
    await rig.find();
    const desired = () => [...rig.tables.deliveries.values()].map(({ row }) => row.desired);
    expect(rig.only()).toMatchObject({
      state: 'OPEN',
      suppressed_by: [{ reason: 'silence', id: 'deploy' }],
    });
    expect(desired()).not.toContain('acknowledge');
    expect([...rig.tables.deliveries.values()].every(({ row }) => !row.expires_at)).toBe(true);
    expect(desired().filter((one) => one === 'resolve').length).toBeGreaterThan(0);
    await rig.until('2026-03-01T14:00:00.000Z');
    expect(desired()).toEqual(['trigger', 'trigger', 'trigger', 'trigger']);
    expect(told(rig)).toEqual(FIRST_STEP);
    await rig.until('2026-03-01T14:15:00.000Z');
    expect(told(rig)).toEqual(BOTH_STEPS);
  });

  it('of warnings lets an alert through that has become an error', async () => {
    const matchers = [{ field: 'severity', op: '=', value: 'WARN' } as const];
    const rig = createResponseRig({ silences: [buildSilence({ matchers })] });
    await rig.find({ rule: buildRule({ severity: 'WARN' }) });
    await rig.find();
    expect(rig.told()).toEqual([]);
    await rig.until('2026-03-01T12:00:00.000Z', 2);
    expect(told(rig)).toEqual(FIRST_STEP);
    expect(rig.only()).toMatchObject({ severity: 'ERROR', suppressed_by: [] });
  });

  it('is asked when a trial ends, before anybody is told', async () => {
    const rig = createResponseRig({ silences: [buildSilence()] });
    await rig.find({ rule: buildRule({ state: 'STAGED' }) });
    expect([rig.only().suppressed_by, rig.timers()]).toEqual([[{ reason: 'staging' }], []]);
    expect(await rig.changed('silence', 'deploy')).toMatchObject({ held: 0, released: 0 });
    await rig.find();
    expect(rig.only().suppressed_by).toEqual([{ reason: 'silence', id: 'deploy' }]);
    await rig.until('2026-03-01T14:00:00.000Z');
    expect(told(rig)).toEqual(FIRST_STEP);
  });

  it('until resolved holds to the end of the alert, and its next life is told', async () => {
    const { ends_at: _e, ...rest } = buildSilence({ until_resolved: true });
    const rig = createResponseRig();
    await rig.find();
    rig.use({ silences: [{ ...rest, starts_at: '2026-03-01T12:00:00.000Z' }] });
    await rig.changed('silence', 'deploy');
    await rig.until('2026-03-03T12:00:00.000Z');
    expect(told(rig)).toEqual(FIRST_STEP);
    await rig.resolve();
    rig.clock.now += 1_000;
    await rig.find();
    expect(rig.only()).toMatchObject({ state: 'OPEN', suppressed_by: [] });
    await rig.until('2026-03-04T12:00:00.000Z');
    expect(told(rig)).toEqual(BOTH_STEPS);
  });
});

it('a timer that outlived its alert goes, and tells nobody', () => {
  const timer = buildTimer({ kind: 'recheck', step: 0 });
  const alert = buildAlert({ state: 'RESOLVED', suppressed_by: [{ reason: 'silence', id: 'x' }] });
  const { ctx } = createResponseRig();
  const rows = { alert, deliveries: [], timers: [timer] };
  const decision = decideRecheck(rows, timer, NO_RESPONSE, ctx);
  if (decision.kind !== 'commit') throw new Error(decision.kind);
  expect(decision.commit.changes.map(({ kind }) => kind)).toEqual([
    'alert',
    'timer.delete',
    'touch',
  ]);
  expect(decision.alert.state).toBe('RESOLVED');
});

describe('an alert that mostly goes by itself', () => {
  /** The same alert came and went so often, each time within a minute. */
  async function faded(times: number, severity: 'ERROR' | 'CRITICAL' = 'ERROR') {
    const rig = createResponseRig();
    const rule = buildRule({ severity });
    for (let time = 0; time < times; time++) {
      await rig.find({ rule });
      rig.clock.now += 60_000;
      await rig.recover();
      rig.clock.now += 86_400_000;
    }
    rig.clock.now = Date.parse('2026-06-01T12:00:00.000Z');
    rig.tables.deliveries.clear();
    await rig.find({ rule });
    return rig;
  }

  it('waits for that, and is told when it stays', async () => {
    const rig = await faded(12);
    expect(rig.newest().suppressed_by).toEqual([{ reason: 'fatigue' }]);
    await rig.until('2026-06-01T12:04:59.999Z');
    expect(rig.told()).toEqual([]);
    await rig.until('2026-06-01T12:05:00.000Z', 2);
    expect(told(rig)).toEqual(FIRST_STEP);
    expect(rig.newest().suppressed_by).toEqual([]);
  });

  it('and does so again tells nobody', async () => {
    const rig = await faded(12);
    rig.clock.now += 60_000;
    await rig.recover();
    await rig.until('2026-06-01T18:00:00.000Z');
    expect([rig.told(), rig.timers()]).toEqual([[], []]);
  });

  it.each([
    ['that is CRITICAL', 12, 'CRITICAL'],
    ['that has not done so often', 3, 'ERROR'],
  ] as const)('is told at once all the same: one %s', async (_, times, severity) => {
    const rig = await faded(times, severity);
    expect(told(rig)).toEqual(FIRST_STEP);
  });

  it('is told once it becomes CRITICAL', async () => {
    const rig = await faded(12);
    await rig.find({ rule: buildRule({ severity: 'CRITICAL' }) });
    await rig.until('2026-06-01T12:00:00.000Z', 2);
    expect(told(rig)).toEqual(FIRST_STEP);
  });
});

describe('maintenance', () => {
  it('that is over tells of what still fires, once, at its end', async () => {
    const maintenance = [buildMaintenance({ duration_minutes: 50, rrule: 'FREQ=WEEKLY' })];
    const rig = createResponseRig({ maintenance });
    await rig.find();
    await rig.until('2026-03-01T12:49:59.999Z', 2);
    expect(rig.told()).toEqual([]);
    await rig.until('2026-03-01T12:50:00.000Z', 2);
    expect(told(rig)).toEqual(FIRST_STEP);
  });
});

describe('an inhibition', () => {
  const database = {
    rule: buildRule({ rule_id: 'database-down' }),
    title: 'The database of checkout is down',
  };

  it('holds back what follows from another alert, and tells when that is resolved', async () => {
    const rig = createResponseRig({ inhibitions: [buildInhibition()] });
    await rig.find(database);
    const source = rig.only().alert_id;
    await rig.find();
    await rig.until('2026-03-01T12:14:00.000Z');
    const target = [...rig.tables.alerts.values()].find(({ row }) => row.rule_id === 'cpu-high')!;
    expect(target.row.suppressed_by).toEqual([{ reason: 'inhibition', id: 'database-down' }]);
    expect(told(rig)).toEqual(FIRST_STEP);
    await rig.resolve(source);
    await rig.until('2026-03-01T12:20:00.000Z', 2);
    expect(told(rig)).toEqual([...FIRST_STEP, ...FIRST_STEP].toSorted());
  });

  it('of two that could hold each other back leaves one to be told', async () => {
    const there = buildInhibition();
    const back = buildInhibition({
      inhibition_id: 'back',
      source: there.target,
      target: there.source,
    });
    const rig = createResponseRig({
      inhibitions: [there, back],
      policies: [buildPolicy({ steps: [buildPolicy().steps[0]!] })],
    });
    await rig.find(database);
    await rig.find();
    await rig.until('2026-03-01T13:00:00.000Z');
    const held = [...rig.tables.alerts.values()].map(({ row }) => row.suppressed_by.length);
    expect(held.toSorted((a, b) => a - b)).toEqual([0, 1]);
    expect(told(rig)).toEqual(FIRST_STEP);
  });
});
