import { expect, it } from 'vitest';

import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import { NO_RESPONSE } from '#shared/response/rules.ts';
import { buildAlert, BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildIncident, buildIncidentPointer } from '#shared/testing/build-incident.ts';

import { follow, type IncidentGuesses } from './follow.ts';
import { IncidentSettings } from './schema.ts';

it('joins the incident that the pointer names, whatever was guessed, and then knows it', async () => {
  const clock = { now: Date.parse(BUILT_AT) };
  const work = createMemoryWorkStore(createMemoryTables(), () => clock.now);
  const ctx = buildContext(clock);
  const rules = { ...NO_RESPONSE, incidents: IncidentSettings.parse({}) };
  const response = () => Promise.resolve(rules);
  const guesses = new Map<string, string>();
  let reads: string[] = [];
  const counting = {
    ...work,
    getIncident(tenant: string, id: string) {
      reads.push(id);
      return work.getIncident(tenant, id);
    },
  };
  const arrive = async (alert_id: string) => {
    reads = [];
    const alert = buildAlert({ alert_id, tenant: ctx.tenant });
    const decided = { alert, commit: { changes: [], journal: [], outbox: [] } };
    const around = { work: counting, response, guesses };
    const after = await follow(around, ctx, undefined, decided);
    await work.commit(after.commit);
    return after.alert.incident_id!;
  };
  const incident = await arrive('a');
  expect(await arrive('b')).toBe(incident);
  const [place] = [...guesses.keys()];
  expect(guesses.get(place!)).toBe(incident);
  expect(await arrive('c')).toBe(incident);
  expect(reads).toEqual([incident]);
  guesses.set(place!, 'another');
  expect(await arrive('d')).toBe(incident);
  expect(reads).toEqual(['another', incident]);
  expect(guesses.get(place!)).toBe(incident);
});

/** What is read for an alert that comes back to incident `own` while its service's pointer names `named`. */
async function comesBack(named: string, guesses?: IncidentGuesses) {
  const clock = { now: Date.parse(BUILT_AT) };
  const work = createMemoryWorkStore(createMemoryTables(), () => clock.now);
  const incidents = ['own', 'other'].map((incident_id) => buildIncident({ incident_id }));
  await work.commit({
    changes: [
      ...incidents.map((row) => ({ kind: 'incident' as const, row, expected: 0 })),
      {
        kind: 'incident.pointer',
        row: buildIncidentPointer({ incident_id: named }),
        expected: 0,
      },
    ],
    journal: [],
    outbox: [],
  });
  const reads: string[] = [];
  const counting = {
    ...work,
    getIncident(tenant: string, id: string) {
      reads.push(id);
      return work.getIncident(tenant, id);
    },
  };
  const rules = { ...NO_RESPONSE, incidents: IncidentSettings.parse({}) };
  const ports = { work: counting, response: () => Promise.resolve(rules) };
  const alert = buildAlert({ incident_id: 'own' });
  const decided = { alert, commit: { changes: [], journal: [], outbox: [] } };
  const former = { ...alert, state: 'RESOLVED' as const };
  const around = { ...ports, ...(guesses && { guesses }) };
  const after = await follow(around, buildContext(clock), former, decided);
  return { reads, incident: after.alert.incident_id };
}
const PLACE = JSON.stringify(['t1', 'checkout']);

it('comes back to its own incident, whatever its service’s pointer names; none is read twice', async () => {
  expect(await comesBack('other')).toEqual({ reads: ['own', 'other'], incident: 'own' });
  expect(await comesBack('own')).toEqual({ reads: ['own'], incident: 'own' });
  for (const guess of ['own', 'other']) {
    const { reads } = await comesBack(guess, new Map([[PLACE, guess]]));
    expect(reads).toEqual(guess === 'own' ? ['own'] : ['own', 'other']);
  }
});

it('remembers a thousand services, and then begins anew', async () => {
  for (const [known, left] of [
    [999, 1_000],
    [1_000, 1],
  ] as const) {
    const guesses = new Map(Array.from({ length: known }, (_, n) => [`place-${n}`, 'i']));
    await comesBack('own', guesses);
    expect(guesses.size).toBe(left);
    expect(guesses.get(PLACE)).toBe('own');
  }
});
