import { describe, expect, it } from 'vitest';

import { buildSchedule } from '#shared/testing/build-schedule.ts';

import { createApiRig } from './api-rig.testing.ts';

const PATH = '/v1/escalations';
const groups = ['rule-author'];
const {
  version: _v,
  author: _a,
  updated_at: _u,
  ...SCHEDULE
} = buildSchedule({
  members: ['ada', 'bo', 'cy'].map((user) => ({
    user,
    targets: [{ channel: 'slack', destination: 'slack-ops' }],
  })),
});
const DRAFT = {
  policy_id: 'checkout-page',
  name: 'Checkout',
  match: { service: ['checkout'] },
  order: 10,
  steps: [
    { delay_minutes: 0, targets: [{ channel: 'schedule', destination: 'payments' }] },
    { delay_minutes: 5, targets: [{ channel: 'pagerduty', destination: 'pagerduty-primary' }] },
  ],
  repeat: 1,
  repeat_delay_minutes: 10,
  ack_timeout_minutes: 30,
  acknowledgements: 2,
};
const asBody = (fields: object) => ({ groups, body: JSON.stringify(fields) });

async function rigWithPolicy() {
  const rig = createApiRig();
  rig.clock.now = Date.parse('2026-03-27T12:00:00.000Z');
  await rig.request('POST', '/v1/schedules', asBody(SCHEDULE));
  const created = await rig.request('POST', PATH, asBody(DRAFT));
  expect([created.status, created.json.version]).toEqual([201, 1]);
  return rig;
}

describe('escalation policies over HTTP', () => {
  it('are the shipped ones until a tenant has its own, and again once those are removed', async () => {
    const rig = createApiRig();
    const ids = async () =>
      (await rig.request('GET', PATH, { groups })).json.items.map(
        ({ policy_id }: { policy_id: string }) => policy_id,
      );
    expect(await ids()).toEqual(['default-page', 'default-warn', 'default-info']);
    expect((await rig.request('GET', `${PATH}/default-page`, { groups })).status).toBe(200);
    await rig.request('POST', '/v1/schedules', asBody(SCHEDULE));
    await rig.request('POST', PATH, asBody(DRAFT));
    await rig.request('POST', PATH, asBody({ ...DRAFT, policy_id: 'first', order: 1 }));
    expect(await ids()).toEqual(['first', 'checkout-page']);
    expect((await rig.request('GET', `${PATH}/default-page`, { groups })).status).toBe(404);
    for (const id of await ids()) await rig.request('DELETE', `${PATH}/${id}`, { groups });
    expect(await ids()).toEqual(['default-page', 'default-warn', 'default-info']);
  });

  it('are versions with a journal, and the loser of a race is told', async () => {
    const rig = await rigWithPolicy();
    const body = { ...DRAFT, repeat: 3, if_version: 1, reason: 'louder' };
    expect((await rig.request('PUT', `${PATH}/checkout-page`, asBody(body))).json.version).toBe(2);
    expect((await rig.request('PUT', `${PATH}/checkout-page`, asBody(body))).status).toBe(412);
    const { json } = await rig.request('GET', `${PATH}/checkout-page/versions`, { groups });
    expect(json.items.map(({ repeat }: { repeat: number }) => repeat)).toEqual([3, 1]);
    const subject = { kind: 'escalation', id: 'checkout-page' };
    const { items } = await rig.api.journal.listEntries('default', subject, { limit: 9 });
    expect(items.map(({ action }) => action).sort()).toEqual([
      'escalation.create',
      'escalation.update',
    ]);
    expect(items.find(({ reason }) => reason === 'louder')).toMatchObject({
      before: { repeat: 1 },
      after: { repeat: 3 },
    });
  });

  it.each([
    ['no step', { steps: [] }, 'steps'],
    ['a pattern that is none', { match: { service: 'checkout' } }, 'match.service'],
    ['a field that alerts do not have', { match: { servce: ['x'] } }, 'match.servce'],
    [
      'a field that alerts do not have, within $or',
      { match: { $or: [{ service: ['x'] }, { sevrity: ['x'] }] } },
      'match.sevrity',
    ],
    ['six acknowledgements', { acknowledgements: 6 }, 'acknowledgements'],
    ['eleven repetitions', { repeat: 11 }, 'repeat'],
    ['a word of the API as its id', { policy_id: 'export' }, 'policy_id'],
    [
      'a schedule that is not there',
      { steps: [{ delay_minutes: 0, targets: [{ channel: 'schedule', destination: 'nope' }] }] },
      'steps.0.targets.0.destination',
    ],
    [
      'a destination of another channel',
      { steps: [{ delay_minutes: 0, targets: [{ channel: 'slack', destination: 'email-ops' }] }] },
      'steps.0.targets.0.destination',
    ],
  ])('refuse %s, naming the place', async (_, fields, path) => {
    const rig = await rigWithPolicy();
    const { status, json } = await rig.request('POST', PATH, asBody({ ...DRAFT, ...fields }));
    expect(status).toBe(400);
    expect(json.issues.map((issue: { path: string }) => issue.path)).toContain(path);
  });

  it('go out as one document and come in again as they were', async () => {
    const rig = await rigWithPolicy();
    const out = await rig.request('GET', `${PATH}/export`, { groups });
    expect(out.json.policies).toEqual([{ ...DRAFT, enabled: true }]);
    const again = await rig.request('POST', `${PATH}/import`, asBody(out.json));
    expect(again.json.items).toMatchObject([{ outcome: 'unchanged' }]);
    const other = createApiRig();
    await other.request('POST', '/v1/schedules', asBody(SCHEDULE));
    const tried = await other.request('POST', `${PATH}/import?dry_run=true`, asBody(out.json));
    expect(tried.json).toMatchObject({ applied: false, items: [{ outcome: 'created' }] });
    expect((await other.request('GET', PATH, { groups })).json.items).toHaveLength(3);
    await other.request('POST', `${PATH}/import`, asBody(out.json));
    const back = await other.request('GET', `${PATH}/export`, { groups });
    expect(JSON.stringify(back.json)).toBe(JSON.stringify(out.json));
  });

  it('of which one is refused are not imported at all', async () => {
    const rig = createApiRig();
    await rig.request('POST', '/v1/schedules', asBody(SCHEDULE));
    const policies = [DRAFT, { ...DRAFT, steps: [] }, DRAFT];
    const { json } = await rig.request('POST', `${PATH}/import`, asBody({ policies }));
    expect(json).toMatchObject({
      applied: false,
      items: [{ outcome: 'created' }, { outcome: 'refused' }, { outcome: 'refused' }],
    });
    expect(await rig.api.policies.list('default')).toEqual([]);
  });
});

describe('a simulation', () => {
  it('tells who would be told when and by what, until the last repetition, across a hand-over', async () => {
    const rig = await rigWithPolicy();
    // Bo hands over to Ada on Monday at nine.
    const body = asBody({ alert: { service: 'checkout' }, at: '2026-03-30T08:50:00Z' });
    const { status, json } = await rig.request('POST', `${PATH}/simulate`, body);
    expect([status, rig.warnings]).toEqual([200, []]);
    expect(json.considered).toEqual([
      { policy_id: 'checkout-page', name: 'Checkout', version: 1, outcome: 'chosen' },
    ]);
    expect(json).toMatchObject({ ends: 'all_told', acknowledgements_needed: 2 });
    const told = json.steps.map(
      (step: { at: string; told: { destination: string; for_user?: string }[] }) => [
        step.at.slice(11, 16),
        ...step.told.map(({ destination, for_user = '' }) => `${destination} ${for_user}`.trim()),
      ],
    );
    expect(told).toEqual([
      ['08:50', 'slack-ops bo'],
      ['08:55', 'pagerduty-primary'],
      ['09:05', 'slack-ops ada'],
      ['09:10', 'pagerduty-primary'],
    ]);
  });

  it('says which policies were looked at when none matches, and tells nobody', async () => {
    const rig = await rigWithPolicy();
    const { json } = await rig.request('POST', `${PATH}/simulate`, asBody({}));
    expect(json.considered).toMatchObject([{ outcome: 'does_not_match' }]);
    expect(json).toMatchObject({ ends: 'no_policy', steps: [{ told: [] }] });
  });

  it('takes a stored alert as if it opened then, and writes nothing', async () => {
    const rig = await rigWithPolicy();
    const alert = await rig.putAlert({ state: 'ACK', escalation_level: 2 });
    const rows = rig.tables.journal.size;
    const { json } = await rig.request('POST', `${PATH}/simulate`, {
      groups: ['rule-author', 'viewer'],
      body: JSON.stringify({ alert_id: alert.alert_id }),
    });
    expect(json.steps).toHaveLength(4);
    expect(rig.tables.journal.size).toBe(rows);
    expect(await rig.api.work.getAlert('default', alert.alert_id)).toEqual(alert);
  });
});
