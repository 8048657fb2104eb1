import { expect, it } from 'vitest';

import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import { NO_RESPONSE } from '#shared/response/rules.ts';
import { buildAlert, BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';

import { follow } from './follow.ts';
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
