import { describe, expect, it } from 'vitest';

import { routeOf } from '#shared/api/routes.ts';
import { buildRule } from '#shared/testing/build-rule.ts';

import { createApiRig, type RigRequest } from './api-rig.testing.ts';

const AUTHOR = { groups: ['rule-author'], username: 'ruth' };
type Rig = ReturnType<typeof createApiRig>;

const put = (rig: Rig, body: string, told: RigRequest = {}, query = '') =>
  rig.request('PUT', `/v1/lookups/vip-users${query}`, { ...AUTHOR, body, ...told });
const csv = { headers: { 'content-type': 'text/csv; charset=utf-8' } };

function ruleOn(name: string) {
  const {
    version: _v,
    author: _a,
    created_at: _c,
    updated_at: _u,
    ...draft
  } = buildRule({
    rule_id: 'vip-login',
    state: 'DRAFT',
    pattern: { type: ['auth.login'], payload: { user: [{ lookup: name }] } },
    title: 'A VIP signed in',
  });
  return JSON.stringify(draft);
}

describe('/v1/lookups', () => {
  it('takes JSON or CSV, answers without the keys, and gives them back to who asks for the table', async () => {
    const rig = createApiRig();
    const made = await put(rig, '["bo","ada",7]', {}, '?reason=first&description=who');
    expect(made).toMatchObject({
      status: 200,
      headers: { etag: '"1"' },
      json: { name: 'vip-users', size: 3, version: 1, author: 'user:ruth', description: 'who' },
    });
    expect(made.json).not.toHaveProperty('keys');
    const next = await put(rig, 'team,user\nred,cy\n', csv, '?column=user');
    expect(next.json).toMatchObject({ size: 1, version: 2, description: 'who' });
    const got = await rig.request('GET', '/v1/lookups/vip-users', AUTHOR);
    expect(got).toMatchObject({ status: 200, json: { keys: ['cy'] } });
    const listed = await rig.request('GET', '/v1/lookups', AUTHOR);
    expect(listed.json.items).toMatchObject([{ name: 'vip-users', size: 1 }]);
    expect(listed.json.items[0]).not.toHaveProperty('keys');
  });

  it('replaces only the version the caller saw, when it says which', async () => {
    const rig = createApiRig();
    await put(rig, '["ada"]');
    const late = await put(rig, '["bo"]', { headers: { 'if-match': '"7"' } });
    expect(late).toMatchObject({ status: 412, json: { code: 'precondition_failed' } });
    expect((await put(rig, '["bo"]', { headers: { 'if-match': '"1"' } })).status).toBe(200);
  });

  it('repeats nothing under one Idempotency-Key, and takes no other body for it', async () => {
    const rig = createApiRig();
    const once = { headers: { 'idempotency-key': 'k-1' } };
    await put(rig, '["ada"]', once);
    await put(rig, '["bo"]');
    expect((await put(rig, '["ada"]', once)).json).toMatchObject({ version: 1 });
    expect((await put(rig, '["cy"]', once)).status).toBeGreaterThanOrEqual(400);
    expect((await rig.request('GET', '/v1/lookups/vip-users', AUTHOR)).json.keys).toEqual(['bo']);
  });

  it.each([
    ['no JSON', '{', {}, '', 400],
    ['an empty body', '', {}, '', 400],
    ['CSV said to be JSON', 'user\nada', {}, '', 400],
    ['a column of JSON', '["ada"]', {}, '?column=user', 400],
    ['a column that is not there', 'user\nada', csv, '?column=mail', 400],
    ['another type', '["ada"]', { headers: { 'content-type': 'text/html' } }, '', 415],
    ['more than a megabyte', `["${'x'.repeat(1024 * 1024)}"]`, {}, '', 413],
    ['an unknown parameter', '["ada"]', {}, '?colunm=x', 400],
  ])('refuses %s', async (_name, body, told, query, status) => {
    const rig = createApiRig();
    expect((await put(rig, body, told, query)).status).toBe(status);
    expect((await rig.request('GET', '/v1/lookups', AUTHOR)).json.items).toEqual([]);
  });

  it('refuses a name that is none, and an unknown one is not found', async () => {
    const rig = createApiRig();
    const wrong = await rig.request('PUT', '/v1/lookups/VIP', { ...AUTHOR, body: '["a"]' });
    expect(wrong.status).toBe(400);
    expect((await rig.request('GET', '/v1/lookups/none', AUTHOR)).status).toBe(404);
    expect((await rig.request('DELETE', '/v1/lookups/none', AUTHOR)).status).toBe(404);
  });

  it('keeps a table that a rule names, and refuses a rule that names none there is', async () => {
    const rig = createApiRig();
    await put(rig, '["ada"]');
    const create = (body: string) =>
      rig.request('POST', '/v1/alerts/policies', { ...AUTHOR, body });
    const refused = await create(ruleOn('vips'));
    expect(refused).toMatchObject({
      status: 400,
      json: { issues: [{ message: 'there is no lookup table "vips"; there is vip-users' }] },
    });
    expect((await create(ruleOn('vip-users'))).status).toBe(201);
    const kept = await rig.request('DELETE', '/v1/lookups/vip-users', AUTHOR);
    expect(kept).toMatchObject({ status: 409, json: { code: 'conflict' } });
    expect(kept.json.detail).toContain('vip-login');
    await rig.request('DELETE', '/v1/alerts/policies/vip-login', AUTHOR);
    const gone = await rig.request('DELETE', '/v1/lookups/vip-users', {
      ...AUTHOR,
      body: '{"reason":"unused"}',
    });
    expect(gone).toMatchObject({ status: 200, json: { size: 0, version: 2 } });
    expect((await rig.request('GET', '/v1/lookups/vip-users', AUTHOR)).status).toBe(404);
  });

  it('tries a draft with the tables as they stand', async () => {
    const rig = createApiRig();
    await put(rig, '["ada"]');
    const body = JSON.stringify({
      rule: JSON.parse(ruleOn('vip-users')) as unknown,
      events: [{ source: 'a', type: 'auth.login', payload: { user: 'ada' } }],
    });
    const tried = await rig.request('POST', '/v1/alerts/policies/test', { ...AUTHOR, body });
    expect(tried.json.items).toMatchObject([{ verdict: 'fires' }]);
  });

  it('writes what it tells the journal: who, why and how many', async () => {
    const rig = createApiRig();
    await put(rig, '["ada"]', {}, '?reason=audit');
    expect([...rig.tables.journal.values()].map(({ row }) => row)).toMatchObject([
      { actor: 'user:ruth', action: 'lookup.create', reason: 'audit', after: { added: 1 } },
    ]);
    expect(routeOf('lookups.put')).toMatchObject({ access: 'sentry.policy.write', raw: true });
  });
});
