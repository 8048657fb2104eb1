import { describe, expect, it } from 'vitest';

import { buildRule, RULE_TESTS } from '#shared/testing/build-rule.ts';

import { createApiRig } from './api-rig.testing.ts';

const groups = ['rule-author'];
const PATH = '/v1/alerts/policies';
const {
  version: _v,
  author: _a,
  created_at: _c,
  updated_at: _u,
  ...RULE
} = buildRule({
  tests: RULE_TESTS,
});
const post = (rig: ReturnType<typeof createApiRig>, target: string, body: unknown) =>
  rig.request('POST', `${PATH}${target}`, { groups, body: JSON.stringify(body) });

describe('the rule operations over HTTP', () => {
  it('take back the exported document as it came, as a document and as an array', async () => {
    const rig = createApiRig();
    expect((await post(rig, '/import', [RULE])).json.items[0].outcome).toBe('created');
    const { json: document } = await rig.request('GET', `${PATH}/export`, { groups });
    const again = await post(rig, '/import', document);
    expect(again.json).toMatchObject({ applied: true, items: [{ outcome: 'unchanged' }] });
    const changed = document.rules.map((rule: object) => ({ ...rule, severity: 'INFO' }));
    const tried = await post(rig, '/import?dry_run=true', changed);
    expect(tried.json).toMatchObject({ applied: false, items: [{ outcome: 'updated' }] });
    const foreign = await post(rig, '/import', { ...document, format: 'other' });
    expect([foreign.status, foreign.json.issues[0].path]).toEqual([400, 'format']);
  });

  it('say what a rule costs and whether it is indexed, and export it without', async () => {
    const rig = createApiRig();
    const dear = { ...RULE, rule_id: 'dear', pattern: { type: [{ 'anything-but': 'x' }] } };
    const created = await post(rig, '', { ...dear, state: 'DRAFT' });
    // The rig's stopwatch goes on 260 µs a look, one round over 200 events.
    expect(created.json).toMatchObject({ cost_ns: 1_300, indexed: false });
    await post(rig, '', RULE);
    const listed = await rig.request('GET', PATH, { groups });
    expect(
      listed.json.items.map(({ rule_id, cost_ns, indexed }: Record<string, unknown>) => [
        rule_id,
        cost_ns,
        indexed,
      ]),
    ).toEqual([
      ['cpu-high', 1_300, true],
      ['dear', 1_300, false],
    ]);
    const one = await rig.request('GET', `${PATH}/dear`, { groups });
    expect(one.json).toMatchObject({ cost_ns: 1_300, indexed: false });
    const tried = await post(rig, '/test', { rule: dear });
    expect(tried.json).toMatchObject({ cost_ns: 1_300, indexed: false });
    const { json: document } = await rig.request('GET', `${PATH}/export`, { groups });
    expect(JSON.stringify(document)).not.toMatch(/cost_ns|indexed/);
    const again = await post(rig, '/import', { rules: listed.json.items.slice(0, 1) });
    expect(again.json.items[0].issues.map(({ path }: { path: string }) => path)).not.toContain(
      'cost_ns',
    );
  });

  it('list each rule with its condition in the words of its detector, and take it back', async () => {
    const rig = createApiRig();
    const detector = { kind: 'new_value', field: 'payload.country' };
    await post(rig, '', { ...RULE, state: 'DRAFT', detector, group_by: ['payload.user'] });
    const { json } = await rig.request('GET', PATH, { groups });
    expect(json.items[0].condition).toBe(
      'payload.country never seen before in 90 d per payload.user',
    );
    const again = await post(rig, '/import', { rules: json.items });
    expect(again.json).toMatchObject({ applied: true, items: [{ outcome: 'unchanged' }] });
    const schema = await rig.request('GET', `${PATH}/schema`, { groups });
    expect(JSON.stringify(schema.json.properties.detector)).toContain('"const":"new_value"');
  });

  it('try a stored rule on its own tests, and refuse a rule and an id together', async () => {
    const rig = createApiRig();
    await post(rig, '', RULE);
    const { json } = await post(rig, '/test', { rule_id: 'cpu-high' });
    expect(json.items.map(({ passed }: { passed: boolean }) => passed)).toEqual([true, true]);
    expect((await post(rig, '/test', { rule_id: 'none' })).status).toBe(404);
    expect((await post(rig, '/test', { rule_id: 'cpu-high', rule: RULE })).status).toBe(400);
    expect((await post(rig, '/test', { rule: { ...RULE, titel: '' } })).json.issues[0].path).toBe(
      'titel',
    );
  });

  it('refuse to enable without tests, take an override with its reason, roll back and compare', async () => {
    const rig = createApiRig();
    const bare = { ...RULE, tests: [] };
    expect((await post(rig, '', bare)).status).toBe(400);
    const live = { ...bare, override_tests: true, reason: 'incident 7' };
    expect((await post(rig, '', live)).status).toBe(201);
    const body = JSON.stringify({ ...RULE, severity: 'INFO' });
    await rig.request('PUT', `${PATH}/cpu-high`, { groups, body });
    const order = { version: 1, reason: 'too quiet', override_tests: true };
    const { json } = await post(rig, '/cpu-high/rollback', order);
    expect(json).toMatchObject({ version: 3, severity: 'ERROR', reason: 'too quiet' });
    const diff = await rig.request('GET', `${PATH}/cpu-high/diff?from=1&to=3`, { groups });
    expect(diff.json.changes).toEqual([]);
    expect((await post(rig, '/cpu-high/rollback', { version: 1, reason: ' ' })).status).toBe(400);
  });
});
