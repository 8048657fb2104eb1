import { describe, expect, it } from 'vitest';

import { createApiRig } from './api-rig.testing.ts';

const RESPONDER = ['responder'];
const ALERT = 'aaaaaaaaaaaaaaaaaaaaaaaaaa';
const ACK = `/v1/alerts/${ALERT}/ack`;

describe('the HTTP API', () => {
  it('answers an unknown path with a 404 problem and a wrong method with 405 and Allow', async () => {
    const rig = createApiRig();
    const unknown = await rig.request('GET', '/v1/nothing', { groups: RESPONDER });
    expect([unknown.status, unknown.json.code]).toEqual([404, 'not_found']);
    const wrong = await rig.request('DELETE', '/v1/alerts/policies', { groups: RESPONDER });
    expect([wrong.status, wrong.headers['allow']]).toEqual([405, 'GET, POST']);
    expect(wrong.headers['content-type']).toBe('application/problem+json');
  });

  it('carries the correlation id of the caller into journal and answer, and makes one otherwise', async () => {
    const rig = createApiRig();
    await rig.putAlert();
    const own = await rig.request('POST', ACK, {
      groups: RESPONDER,
      headers: { 'x-correlation-id': 'trace-7' },
    });
    expect(own.headers['x-correlation-id']).toBe('trace-7');
    const entries = [...rig.tables.journal.values()].map(({ row }) => row);
    expect(entries.find(({ action }) => action === 'alert.acknowledge')).toMatchObject({
      actor: 'user:rosa',
      correlation_id: 'trace-7',
      ip_address: '192.0.2.1',
    });
    const hostile = await rig.request('GET', '/v1/me', {
      groups: RESPONDER,
      headers: { 'x-correlation-id': 'a\r\nset-cookie: x' },
    });
    expect(hostile.headers['x-correlation-id']).toBe('request-1');
  });

  it('takes only access tokens, and refuses groups of two tenants', async () => {
    const rig = createApiRig();
    const claims = { token_use: 'id', username: 'rosa', exp: '99999999999' };
    expect((await rig.request('GET', '/v1/me', { claims })).status).toBe(401);
    const two = await rig.request('GET', '/v1/me', { groups: ['viewer', 'tenant-a', 'tenant-b'] });
    expect(two.status).toBe(403);
  });

  it('reads roles and tenant of a client without a user from its OAuth scopes', async () => {
    const rig = createApiRig();
    const claims = {
      token_use: 'access',
      client_id: 'collector',
      exp: '99999999999',
      scope: 'sentry/sentry.ingest sentry/tenant-acme',
    };
    const { json } = await rig.request('GET', '/v1/me', { claims });
    expect(json).toMatchObject({
      tenant: 'acme',
      actor: 'client:collector',
      scopes: ['sentry.ingest'],
    });
    const posing = { ...claims, username: 'eve', scope: 'openid sentry/sentry.admin' };
    expect((await rig.request('GET', '/v1/me', { claims: posing })).json.scopes).toEqual([]);
  });

  it('refuses an old If-Match and shows the row as it stands', async () => {
    const rig = createApiRig();
    await rig.putAlert();
    const first = await rig.request('POST', ACK, {
      groups: RESPONDER,
      headers: { 'if-match': '"1"' },
    });
    expect([first.status, first.headers['etag']]).toEqual([200, '"2"']);
    const late = await rig.request('POST', `/v1/alerts/${ALERT}/assign`, {
      groups: RESPONDER,
      headers: { 'if-match': '"1"' },
      body: '{"assigned_to":"max"}',
    });
    expect([late.status, late.json.current.state]).toEqual([409, 'ACK']);
    const senseless = await rig.request('POST', ACK, {
      groups: RESPONDER,
      headers: { 'if-match': 'yes' },
    });
    expect(senseless.status).toBe(400);
  });

  it('refuses a field it does not know, so that a misspelt filter never acknowledges everything', async () => {
    const rig = createApiRig();
    await rig.putAlert();
    const all = await rig.request('POST', '/v1/alerts/ackAll', {
      groups: RESPONDER,
      body: '{"services":["checkout"]}',
    });
    expect(all.status).toBe(400);
    expect((await rig.api.work.getAlert('default', ALERT))?.state).toBe('OPEN');
  });

  it.each([
    ['an array', '[]', 400],
    ['no JSON', '{', 400],
    ['bad UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 400],
    ['depth 7,000', '['.repeat(7000), 400],
    ['__proto__', '{"__proto__":{"state":["OPEN"]}}', 400],
    ['constructor', '{"constructor":{"prototype":{}}}', 400],
    ['a NUL in an id', '{"if_version":"\u0000"}', 400],
    ['1e400', '{"if_version":1e400}', 400],
    ['more than 1 MB', `{"reason":"${'x'.repeat(1_048_577)}"}`, 413],
  ])('refuses a body with %s and stays whole', async (_what, body, status) => {
    const rig = createApiRig();
    await rig.putAlert();
    const answer = await rig.request('POST', ACK, { groups: RESPONDER, body });
    expect(answer.status).toBe(status);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(rig.warnings).toEqual([]);
  });

  it('refuses a body that is not JSON by its type', async () => {
    const rig = createApiRig();
    const headers = { 'content-type': 'text/xml' };
    const answer = await rig.request('POST', ACK, { groups: RESPONDER, headers, body: '<a/>' });
    expect(answer.status).toBe(415);
  });

  it('says nothing of a fault of its own but that there was one', async () => {
    const rig = createApiRig();
    rig.api.work.listAlerts = () => Promise.reject(new Error('table sentry-work at 10.0.0.1'));
    const answer = await rig.request('GET', '/v1/alerts', { groups: RESPONDER });
    expect([answer.status, answer.json.code]).toEqual([500, 'internal']);
    expect(JSON.stringify(answer.json)).not.toContain('10.0.0.1');
    expect(rig.warnings).toHaveLength(1);
  });
});

describe('lists', () => {
  async function threeAlerts() {
    const rig = createApiRig();
    for (const [n, alert_id] of ['a'.repeat(26), 'b'.repeat(26), 'c'.repeat(26)].entries())
      await rig.putAlert({ alert_id, created_at: `2026-03-01T12:0${n}:00.000Z` });
    return rig;
  }

  it('come newest first, page by page, without evidence', async () => {
    const rig = await threeAlerts();
    const one = await rig.request('GET', '/v1/alerts?limit=2', { groups: RESPONDER });
    expect(one.json.items.map((alert: { alert_id: string }) => alert.alert_id[0])).toEqual([
      'c',
      'b',
    ]);
    expect(one.json.items[0].evidence).toBeUndefined();
    const next = `/v1/alerts?limit=2&cursor=${encodeURIComponent(one.json.cursor)}`;
    const two = await rig.request('GET', next, { groups: RESPONDER });
    expect(two.json.items.map((alert: { alert_id: string }) => alert.alert_id[0])).toEqual(['a']);
    expect(two.json.cursor).toBeUndefined();
  });

  it('take a cursor only from the same tenant, list and filter, and only unchanged', async () => {
    const rig = await threeAlerts();
    const { json } = await rig.request('GET', '/v1/alerts?limit=1', { groups: RESPONDER });
    const cursor = encodeURIComponent(json.cursor);
    const asked = async (target: string, groups = RESPONDER) =>
      (await rig.request('GET', target, { groups })).status;
    expect(await asked(`/v1/alerts?cursor=${cursor}`)).toBe(200);
    expect(await asked(`/v1/alerts?cursor=${cursor}&state=OPEN`)).toBe(400);
    expect(await asked(`/v1/quarantine?cursor=${cursor}`)).toBe(400);
    expect(await asked(`/v1/alerts?cursor=${cursor}`, ['viewer', 'tenant-other'])).toBe(400);
    expect(await asked(`/v1/alerts?cursor=${cursor.replace(/^./, 'x')}`)).toBe(400);
    expect(await asked('/v1/alerts?cursor=')).toBe(400);
  });

  it('refuse a limit over 100, a repeated parameter and an unknown one', async () => {
    const rig = createApiRig();
    for (const query of ['limit=101', 'limit=0', 'limit=x', 'q=a&q=b', 'stat=OPEN', '__proto__=1'])
      expect((await rig.request('GET', `/v1/alerts?${query}`, { groups: RESPONDER })).status).toBe(
        400,
      );
  });

  it('read states and severities repeated or with commas, and services as they are', async () => {
    const rig = createApiRig();
    await rig.putAlert({ service: 'a,b' });
    for (const query of [
      'state=OPEN,ACK',
      'state=OPEN&state=ACK',
      'service=a,b',
      'service=x&service=a%2Cb',
    ])
      expect(
        (await rig.request('GET', `/v1/alerts?${query}`, { groups: RESPONDER })).json.items,
      ).toHaveLength(1);
  });
});
