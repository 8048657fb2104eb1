import { describe, expect, it } from 'vitest';

import type { Alert } from '#shared/alert/schema.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { buildPolicy } from '#shared/testing/build-finding.ts';

import { createApiRig, type RigRequest } from './api-rig.testing.ts';

const groups = ['rule-author'];
const CHECKOUT = { field: 'service', op: '=', value: 'checkout' };
const SILENCE = { matchers: [CHECKOUT], comment: 'deploy', ends_at: '2026-03-01T14:00:00Z' };
const ID = (letter: string) => letter.repeat(26);

/** An API with alerts that are open, and people to tell. */
async function rigWith(...alerts: Partial<Alert>[]) {
  const rig = createApiRig();
  const document = buildPolicy();
  const nothing = { expected: 0, journal: [], outbox: [] };
  await rig.api.policies.save('default', { id: document.policy_id, document, ...nothing });
  for (const fields of alerts) await rig.putAlert(fields);
  const send = (method: string, path: string, body?: object, more: RigRequest = {}) =>
    rig.request(method, path, { groups, ...(body && { body: JSON.stringify(body) }), ...more });
  const alert = (letter: string) => rig.api.work.getAlert('default', ID(letter));
  return { ...rig, send, alert };
}

describe('silences over HTTP', () => {
  it('begin at once without a start or an id, and hold what fires; removed, they let it go', async () => {
    const rig = await rigWith(
      { alert_id: ID('a') },
      { alert_id: ID('b'), service: 'billing' },
      { alert_id: ID('c'), state: 'ACK' },
    );
    const made = await rig.send('POST', '/v1/silences', SILENCE);
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      starts_at: '2026-03-01T12:00:00.000Z',
      author: 'user:rosa',
      until_resolved: false,
    });
    const held = [{ reason: 'silence', id: made.json.silence_id }];
    expect((await rig.alert('a'))?.suppressed_by).toEqual(held);
    expect((await rig.alert('b'))?.suppressed_by).toEqual([]);
    expect(await rig.alert('c')).toMatchObject({ state: 'ACK', suppressed_by: held });
    const path = `/v1/silences/${made.json.silence_id}`;
    expect((await rig.send('DELETE', path)).status).toBe(200);
    expect((await rig.alert('a'))?.suppressed_by).toEqual([]);
    expect((await rig.alert('c'))?.suppressed_by).toEqual([]);
    expect((await rig.send('GET', '/v1/silences')).json.items).toEqual([]);
  });

  it('that are made narrower let go what they no longer match', async () => {
    const rig = await rigWith({ alert_id: ID('a') });
    const made = await rig.send('POST', '/v1/silences', { ...SILENCE, silence_id: 'deploy' });
    const body = {
      ...made.json,
      matchers: [CHECKOUT, { field: 'severity', op: '=', value: 'INFO' }],
    };
    const { version: _v, author: _a, updated_at: _u, ...draft } = body;
    expect((await rig.send('PUT', '/v1/silences/deploy', draft)).json.version).toBe(2);
    expect((await rig.alert('a'))?.suppressed_by).toEqual([]);
  });

  it.each([
    ['is over already', { ends_at: '2026-03-01T12:00:00Z' }, 'ends_at'],
    ['has no comment', { comment: '' }, 'comment'],
    ['lasts longer than 90 days', { ends_at: '2026-05-30T12:00:01Z' }, 'ends_at'],
    ['matches every alert', { matchers: [{ ...CHECKOUT, op: '=~', value: '.*' }] }, 'matchers'],
    [
      'has a broken pattern',
      { matchers: [{ ...CHECKOUT, op: '=~', value: '(' }] },
      'matchers.0.value',
    ],
  ])('are refused when one %s, naming the place', async (_, fields, path) => {
    const rig = await rigWith();
    const { status, json } = await rig.send('POST', '/v1/silences', { ...SILENCE, ...fields });
    expect(status).toBe(400);
    expect(json.issues.map((issue: { path: string }) => issue.path)).toContain(path);
  });

  it('can be tried first: what they would have muted in 30 days, and now, CRITICAL by name', async () => {
    const rig = await rigWith(
      { alert_id: ID('a'), severity: 'CRITICAL', title: 'The till is on fire' },
      { alert_id: ID('b'), service: 'billing' },
      { alert_id: ID('c'), state: 'RESOLVED', created_at: '2026-02-10T00:00:00.000Z' },
      { alert_id: ID('d'), state: 'ACK', created_at: '2026-01-10T00:00:00.000Z' },
      { alert_id: ID('e'), state: 'RESOLVED', created_at: '2026-01-10T00:00:00.000Z' },
    );
    const body = { matchers: [CHECKOUT] };
    const { status, json } = await rig.send('POST', '/v1/silences/preview', body, {
      groups: ['viewer'],
    });
    expect(status).toBe(200);
    expect(json.past).toMatchObject({
      alerts: 2,
      told: 2,
      by_state: { OPEN: 1, ACK: 0, RESOLVED: 1 },
      by_severity: { CRITICAL: 1, ERROR: 1 },
      critical: { alerts: 1, examples: [{ alert_id: ID('a'), title: 'The till is on fire' }] },
      truncated: false,
    });
    expect(json.now).toMatchObject({ alerts: 2, by_state: { OPEN: 1, ACK: 1, RESOLVED: 0 } });
    expect((await rig.alert('a'))?.revision).toBe(1);
  });
});

it('a silence is saved though the alerts cannot be read just then', async () => {
  const rig = await rigWith({ alert_id: ID('a') });
  rig.api.work.listAlerts = () => Promise.reject(new SentryError('unavailable', 'throttled'));
  expect((await rig.send('POST', '/v1/silences', SILENCE)).status).toBe(201);
  expect((await rig.send('GET', '/v1/silences')).json.items).toHaveLength(1);
});

describe('maintenance and inhibitions over HTTP', () => {
  it('hold what fires while a window lasts, and say no to what they do not understand', async () => {
    const rig = await rigWith({ alert_id: ID('a') });
    const window = {
      maintenance_id: 'patching',
      comment: 'patches',
      matchers: [CHECKOUT],
      time_zone: 'Europe/Berlin',
      starts_at: '2026-02-01T12:30',
      duration_minutes: 60,
      rrule: 'FREQ=WEEKLY;BYDAY=SU',
    };
    const refused = await rig.send('POST', '/v1/maintenance', { ...window, rrule: 'FREQ=YEARLY' });
    expect([refused.status, refused.json.issues[0].path]).toEqual([400, 'rrule']);
    expect((await rig.send('POST', '/v1/maintenance', window)).status).toBe(201);
    expect((await rig.alert('a'))?.suppressed_by).toEqual([
      { reason: 'maintenance', id: 'patching' },
    ]);
    await rig.send('DELETE', '/v1/maintenance/patching');
    expect((await rig.alert('a'))?.suppressed_by).toEqual([]);
  });

  it('hold back what follows from another alert of this tenant', async () => {
    const rig = await rigWith(
      { alert_id: ID('a') },
      { alert_id: ID('b'), service: 'billing' },
      { alert_id: ID('d'), rule_id: 'database-down' },
      { alert_id: ID('e'), rule_id: 'database-down', service: 'billing', tenant: 'other' },
    );
    const rule = {
      inhibition_id: 'database',
      comment: 'follows',
      source: [{ field: 'rule_id', op: '=', value: 'database-down' }],
      target: [{ field: 'rule_id', op: '=', value: 'cpu-high' }],
      equal: ['service'],
    };
    expect((await rig.send('POST', '/v1/inhibitions', rule)).status).toBe(201);
    expect((await rig.alert('a'))?.suppressed_by).toEqual([
      { reason: 'inhibition', id: 'database' },
    ]);
    expect((await rig.alert('b'))?.suppressed_by).toEqual([]);
    await rig.send('POST', `/v1/alerts/${ID('d')}/resolve`, {}, { groups: ['responder'] });
    expect((await rig.alert('a'))?.suppressed_by).toEqual([]);
  });
});
