import { describe, expect, it } from 'vitest';

import { createApiRig } from './api-rig.testing.ts';

const CALLER = { groups: ['viewer'] };

describe('GET /v1/explain', () => {
  it('answers for an alert, or for an event near a time', async () => {
    const rig = createApiRig();
    const { alert_id } = await rig.putAlert();
    const alert = await rig.request('GET', `/v1/explain?alert=${alert_id}`, CALLER);
    expect([alert.status, alert.json.subject]).toEqual([200, { kind: 'alert', id: alert_id }]);
    const path = '/v1/explain?event=e-9&at=2026-03-01T10%3A00%3A00%2B02%3A00';
    const { json } = await rig.request('GET', path, CALLER);
    expect([json.outcome, json.archive.from]).toEqual([
      'not_in_archive',
      '2026-03-01T07:00:00.000Z',
    ]);
  });

  it.each([
    ['neither alert nor event', ''],
    ['both', '?alert=a&event=e'],
    ['a time that is none', '?event=e&at=noon'],
    ['an alert twice', '?alert=a&alert=b'],
  ])('refuses %s', async (_, query) => {
    const { status, json } = await createApiRig().request('GET', `/v1/explain${query}`, CALLER);
    expect([status, json.code]).toEqual([400, 'invalid_input']);
  });

  it('knows no alert of another tenant', async () => {
    const rig = createApiRig();
    const { alert_id } = await rig.putAlert({ tenant: 'other' });
    const { status } = await rig.request('GET', `/v1/explain?alert=${alert_id}`, CALLER);
    expect(status).toBe(404);
  });
});

it('POST /v1/explain stores nothing', async () => {
  const rig = createApiRig();
  const body = JSON.stringify({ event: { source: 's', type: 'metric.cpu' } });
  const { status, json } = await rig.request('POST', '/v1/explain', { ...CALLER, body });
  expect([status, json.outcome]).toEqual([200, 'no_pattern_matched']);
  expect([rig.tables.alerts.size, rig.tables.journal.size]).toEqual([0, 0]);
});
