import { describe, expect, it } from 'vitest';

import { SentryError } from '#shared/kernel/error.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';
import { buildAlert } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildIncident } from '#shared/testing/build-incident.ts';
import { createIncidentRig, type IncidentRig } from '#shared/testing/incident-rig.ts';

import { assignIncident } from './assign.ts';
import { getIncident } from './change.ts';
import { changeStatus } from './change-status.ts';
import { escalateIncident } from './escalate.ts';
import { openIncident } from './open.ts';
import { createTurns } from './take-turns.ts';

/** The store with its first commits failing, and how often it was asked. */
function failing(work: WorkStore, times: number, error: Error) {
  const asked = { commits: 0 };
  const commit: WorkStore['commit'] = (rows) =>
    ++asked.commits <= times ? Promise.reject(error) : work.commit(rows);
  return { asked, work: { ...work, commit } };
}
const VERBS: [string, (rig: IncidentRig, work: WorkStore) => Promise<{ incident_id: string }>][] = [
  ['assign', (rig, work) => assignIncident({ work }, rig.ctx, idOf(rig), { assigned_to: 'ada' })],
  [
    'change status',
    (rig, work) => changeStatus({ work }, rig.ctx, idOf(rig), { status: 'CLOSED' }),
  ],
  [
    'escalate',
    (rig, work) =>
      escalateIncident({ ...rig.ports, work }, rig.ctx, idOf(rig), { request_id: 'r' }),
  ],
  ['open', (rig, work) => openIncident({ ...rig.ports, work }, rig.ctx, ['free'], {})],
];
const idOf = (rig: IncidentRig) => rig.incidents()[0]!.incident_id;

/** An incident, and an alert of none. */
async function start() {
  const rig = createIncidentRig();
  await rig.raise();
  const row = buildAlert({ alert_id: 'free', service: 'apart' });
  const changes = [{ kind: 'alert', row, expected: 0 } as const];
  await rig.work.commit({ changes, journal: [], outbox: [] });
  return rig;
}
const lost = new SentryError('conflict', 'lost');

describe.each(VERBS)('%s', (_name, verb) => {
  it('that loses nine races reads, decides and writes a tenth time', async () => {
    const rig = await start();
    const { work, asked } = failing(rig.work, 9, lost);
    const incident = await verb(rig, work);
    expect(asked.commits).toBe(10);
    expect(await rig.work.getIncident('t1', incident.incident_id)).toEqual(incident);
  });

  it('that loses ten says so, and has written nothing', async () => {
    const rig = await start();
    const before = rig.incidents();
    const { work, asked } = failing(rig.work, 20, lost);
    await expect(verb(rig, work)).rejects.toMatchObject({ code: 'conflict' });
    expect(asked.commits).toBe(10);
    expect(rig.incidents()).toEqual(before);
  });

  it.each([new SentryError('unavailable', 'throttled'), new TypeError('ours')])(
    'that the store fails with %s is not tried again',
    async (error) => {
      const rig = await start();
      const { work, asked } = failing(rig.work, 1, error);
      await expect(verb(rig, work)).rejects.toBe(error);
      expect(asked.commits).toBe(1);
    },
  );
});

it('who changed it meanwhile is shown to whoever keeps losing', async () => {
  const rig = await start();
  const { work } = failing(rig.work, 20, lost);
  const end = assignIncident({ work }, rig.ctx, idOf(rig), { assigned_to: 'ada' });
  await expect(end).rejects.toMatchObject({ current: rig.incidents()[0] });
});

describe('an incident', () => {
  it('is read with the scope for it, and one that is not there is not found', async () => {
    const rig = await start();
    const nobody = buildContext(rig.clock, { scopes: new Set() });
    expect(await getIncident(rig.ports, rig.ctx, idOf(rig))).toEqual(rig.incidents()[0]);
    await expect(getIncident(rig.ports, nobody, idOf(rig))).rejects.toMatchObject({
      code: 'forbidden',
    });
    const gone = { code: 'not_found', message: 'There is no incident gone.' };
    await expect(getIncident(rig.ports, rig.ctx, 'gone')).rejects.toMatchObject(gone);
    const assigned = assignIncident(rig.ports, rig.ctx, 'gone', { assigned_to: 'ada' });
    await expect(assigned).rejects.toMatchObject(gone);
  });

  it('is changed by whoever saw its newest version', async () => {
    const rig = await start();
    const { version } = rig.incidents()[0]!;
    const command = { assigned_to: 'ada', if_version: version };
    const assigned = await assignIncident(rig.ports, rig.ctx, idOf(rig), command);
    expect(assigned.version).toBe(version + 1);
  });

  it('moves on without a look at its escalation alerts', async () => {
    const rig = await start();
    const getAlerts = () => Promise.reject(new Error('not asked for'));
    const work = { ...rig.work, getAlerts };
    const moved = await changeStatus({ work }, rig.ctx, idOf(rig), { status: 'MITIGATING' });
    expect(moved.status).toBe('MITIGATING');
  });

  it('is told once of a request, also when it names that escalation no more', async () => {
    const rig = await start();
    const id = idOf(rig);
    for (let n = 0; n < 51; n++)
      await escalateIncident(rig.ports, rig.ctx, id, { request_id: `r${n}` });
    const [before] = rig.incidents();
    expect(before).toMatchObject({ escalation_level: 52 });
    expect(before!.escalation_ids).toHaveLength(50);
    const again = await escalateIncident(rig.ports, rig.ctx, id, { request_id: 'r0' });
    expect(again).toEqual(before);
    expect(rig.escalations()).toHaveLength(52);
  });

  it('is told of with what its newest alert says, and without any as well', async () => {
    const rig = await start();
    await rig.raise({ group: 'newest' });
    const told = async (id: string) => {
      const getAlert: WorkStore['getAlert'] = (tenant, alertId) => {
        expect(alertId).toEqual(expect.any(String));
        return rig.work.getAlert(tenant, alertId);
      };
      const ports = { ...rig.ports, work: { ...rig.work, getAlert } };
      const incident = await escalateIncident(ports, rig.ctx, id, { request_id: 'r' });
      return (await rig.work.getAlert('t1', incident.escalation_ids.at(-1)!))!;
    };
    expect((await told(idOf(rig))).event_id).toBe(rig.alertOf('newest').event_id);
    const row = buildIncident({ alert_ids: [] });
    const changes = [{ kind: 'incident', row, expected: 0 } as const];
    await rig.work.commit({ changes, journal: [], outbox: [] });
    const alone = await told(row.incident_id);
    expect(alone).toMatchObject({ event_id: row.incident_id, evidence: { first: [], last: [] } });
    for (const field of ['category', 'labels', 'runbook_url'])
      expect(alone).not.toHaveProperty(field);
  });
});

it('tasks of one key take turns, whatever became of the one before; others do not wait', async () => {
  const turns = createTurns();
  const log: string[] = [];
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const first = turns.take('a', async () => {
    log.push('a1 begins');
    await held;
    log.push('a1 ends');
    throw new Error('a1');
  });
  const second = turns.take('a', async () => log.push('a2'));
  await turns.take('b', async () => log.push('b'));
  release();
  await expect(first).rejects.toThrow('a1');
  await second;
  expect(log).toEqual(['a1 begins', 'b', 'a1 ends', 'a2']);
});

it('a task that comes while another of its key runs waits, though a third has ended', async () => {
  const turns = createTurns();
  const log: string[] = [];
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const first = turns.take('a', async () => log.push('first'));
  const second = turns.take('a', async () => {
    await held;
    log.push('second');
  });
  await first;
  const third = turns.take('a', async () => log.push('third'));
  await turns.take('b', async () => log.push('other'));
  release();
  await Promise.all([second, third]);
  expect(log).toEqual(['first', 'other', 'second', 'third']);
});
