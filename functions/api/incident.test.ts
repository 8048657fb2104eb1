import { describe, expect, it } from 'vitest';

import { buildIncident } from '#shared/testing/build-incident.ts';

import { createApiRig } from './api-rig.testing.ts';

const PATH = '/v1/incidents';
const ID = 'iiiiiiiiiiiiiiiiiiiiiiiiii';
const groups = ['responder'];

async function rigWithIncident() {
  const rig = createApiRig();
  await rig.putAlert({ incident_id: ID });
  const row = buildIncident({ tenant: 'default' });
  const changes = [{ kind: 'incident', row, expected: 0 } as const];
  await rig.api.work.commit({ changes, journal: [], outbox: [] });
  const escalations = () =>
    [...rig.tables.alerts.values()].filter(({ row: alert }) => alert.rule_id !== 'cpu-high');
  return { ...rig, escalations };
}

describe('incidents over HTTP', () => {
  it('are escalated once per Idempotency-Key, though the first answer was never kept', async () => {
    const rig = await rigWithIncident();
    const send = (key: string) =>
      rig.request('POST', `${PATH}/${ID}/escalate`, {
        groups,
        body: '{}',
        headers: { 'idempotency-key': key },
      });
    const kept = rig.ports.idempotency;
    rig.ports.idempotency = {
      claim: (...args) => kept.claim(...args),
      forget: (...args) => kept.forget(...args),
      finish: (tenant, name) => kept.forget(tenant, name),
    };
    expect((await send('k1')).json).toMatchObject({ status: 'ESCALATED', escalation_level: 1 });
    expect((await send('k1')).json).toMatchObject({ escalation_level: 1 });
    rig.ports.idempotency = kept;
    expect((await send('k2')).json).toMatchObject({ escalation_level: 2 });
    expect((await send('k2')).json).toMatchObject({ escalation_level: 2 });
    expect(rig.escalations()).toHaveLength(2);
  });

  it('tell what happened last across incidents, newest first, each line with its incident', async () => {
    const rig = await rigWithIncident();
    const other = buildIncident({ incident_id: 'j'.repeat(26), service: 'web', title: 'Slow' });
    const row = { ...other, tenant: 'default' };
    const changes = [{ kind: 'incident', row, expected: 0 } as const];
    await rig.api.work.commit({ changes, journal: [], outbox: [] });
    const assign = (id: string, assigned_to: string) =>
      rig.request('POST', `${PATH}/${id}/assign`, {
        groups,
        body: JSON.stringify({ assigned_to }),
      });
    for (const [id, who] of [
      [ID, 'ada'],
      [row.incident_id, 'bo'],
      [ID, 'cy'],
    ] as const) {
      await assign(id, who);
      rig.clock.now += 1_000;
    }
    const { json } = await rig.request('GET', `${PATH}/recent?limit=2`, { groups: ['viewer'] });
    const lines = (json.items as { entry: string; incident: { title: string } }[]).map(
      ({ entry, incident }) => [entry, incident.title],
    );
    expect(lines).toEqual([
      ['Incident assigned to cy by user:rosa', buildIncident().title],
      ['Incident assigned to bo by user:rosa', 'Slow'],
    ]);
  });

  it('answer 409 with the incident to a step backward, and to a caller who saw an older one', async () => {
    const rig = await rigWithIncident();
    const status = (body: object) =>
      rig.request('POST', `${PATH}/${ID}/status`, { groups, body: JSON.stringify(body) });
    expect((await status({ status: 'MITIGATING' })).json.status).toBe('MITIGATING');
    const back = await status({ status: 'ANALYZING' });
    expect([back.status, back.json.current.status]).toEqual([409, 'MITIGATING']);
    const stale = await status({ status: 'CLOSED', if_version: 1 });
    expect([stale.status, stale.json.current.version]).toEqual([409, 2]);
    expect((await status({ status: 'ESCALATED' })).status).toBe(400);
    const closed = await status({ status: 'CLOSED' });
    expect([closed.status, closed.json.closed_by]).toEqual([200, 'user:rosa']);
    const got = await rig.request('GET', `${PATH}/${ID}`, { groups });
    expect(got.json).toMatchObject({ seconds_to_acknowledge: 0, seconds_to_resolve: 0 });
  });

  it('are listed by status, service and severity, a page at a time', async () => {
    const rig = await rigWithIncident();
    const list = async (query: string) =>
      (await rig.request('GET', `${PATH}?${query}`, { groups })).json;
    expect(
      (await list('status=OPEN,ESCALATED&severity=ERROR&service=checkout')).items,
    ).toHaveLength(1);
    for (const query of ['status=CLOSED', 'severity=INFO', 'service=search'])
      expect((await list(query)).items, query).toEqual([]);
    const row = buildIncident({ tenant: 'default', incident_id: 'other' });
    const changes = [{ kind: 'incident', row, expected: 0 } as const];
    await rig.api.work.commit({ changes, journal: [], outbox: [] });
    const first = await list('limit=1');
    const second = await list(`limit=1&cursor=${encodeURIComponent(first.cursor)}`);
    const ids = [...first.items, ...second.items].map(
      ({ incident_id }: { incident_id: string }) => incident_id,
    );
    expect(ids.toSorted()).toEqual([ID, 'other']);
  });

  it('have one timeline; asking for an alert and an incident, or for neither, is refused', async () => {
    const rig = await rigWithIncident();
    const ask = async (query: string) =>
      (await rig.request('GET', `${PATH}/timeline?${query}`, { groups })).status;
    expect(await ask(`incident=${ID}`)).toBe(200);
    expect(await ask(`incident=${ID}&alert=a`)).toBe(400);
    expect(await ask('limit=1')).toBe(400);
    expect(await ask('incident=none')).toBe(404);
  });

  it('follow the settings of the tenant, which are versions with a journal', async () => {
    const rig = await rigWithIncident();
    const author = { groups: ['rule-author'] };
    const before = await rig.request('GET', `${PATH}/settings`, author);
    expect(before.json).toMatchObject({ auto_escalate: true, window_minutes: 30 });
    const body = JSON.stringify({ auto_escalate: false, window_minutes: 5, reason: 'too loud' });
    expect((await rig.request('PUT', `${PATH}/settings`, { ...author, body })).status).toBe(200);
    const alert = await rig.putAlert({ alert_id: 'b'.repeat(26), service: 'search' });
    const opened = await rig.request('POST', PATH, {
      groups,
      body: JSON.stringify({ alert_ids: [alert.alert_id] }),
    });
    expect([opened.status, opened.json.status]).toEqual([201, 'OPEN']);
    expect(rig.escalations()).toEqual([]);
  });
});
