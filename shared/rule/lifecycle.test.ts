import { beforeEach, describe, expect, it } from 'vitest';

import { scopesOf } from '#shared/access/scope.ts';
import { createMemoryRuleStore } from '#shared/adapters/memory/memory-rule-store.ts';
import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import type { Context } from '#shared/kernel/context.ts';
import { buildRule, RULE_TESTS } from '#shared/testing/build-rule.ts';

import { differences, diffRule } from './diff-rule.ts';
import { removeRule } from './remove-rule.ts';
import { rollbackRule } from './rollback-rule.ts';
import { saveRule } from './save-rule.ts';
import { RULE_STATES } from './schema.ts';
import type { DetectionRule } from './schema.ts';

let tables: ReturnType<typeof createMemoryTables>;
let store: ReturnType<typeof createMemoryRuleStore>;
let ids: number;
beforeEach(() => {
  tables = createMemoryTables();
  store = createMemoryRuleStore(tables);
  ids = 0;
});
const ada: Context = {
  tenant: 't1',
  actor: 'user:ada',
  scopes: scopesOf(['rule-author']),
  now: () => Date.parse('2026-05-01T08:00:00.000Z'),
  newId: () => `id-${++ids}`,
  correlation_id: 'c-1',
};
const rule = (fields: Partial<DetectionRule> = {}) => buildRule({ tests: RULE_TESTS, ...fields });
const lastEntry = () => [...tables.journal.values()].at(-1)!.row;

describe('the states of a rule', () => {
  const allowed: Record<string, string> = {
    DRAFT: 'DRAFT STAGED ENABLED ARCHIVED',
    STAGED: 'DRAFT STAGED ENABLED DISABLED ARCHIVED',
    ENABLED: 'STAGED ENABLED DISABLED ARCHIVED',
    DISABLED: 'DRAFT STAGED ENABLED DISABLED ARCHIVED',
    ARCHIVED: 'DRAFT ARCHIVED',
  };
  it.each(RULE_STATES.flatMap((from) => RULE_STATES.map((to) => [from, to] as const)))(
    'from %s to %s change as the table says',
    async (from, to) => {
      await saveRule(store, ada, rule({ state: from }));
      const saved = saveRule(store, ada, rule({ state: to, description: 'changed' }));
      if (allowed[from]!.split(' ').includes(to))
        expect(await saved).toMatchObject({ state: to, version: 2 });
      else
        await expect(saved).rejects.toMatchObject({
          code: 'invalid_input',
          issues: [{ path: 'state' }],
        });
    },
  );

  it('journals who archived, restored and enabled a rule, and why', async () => {
    await saveRule(store, ada, rule());
    await removeRule(store, ada, 'cpu-high', { reason: 'obsolete' });
    await saveRule(store, ada, rule({ state: 'DRAFT', reason: 'needed again' }));
    expect(lastEntry()).toMatchObject({
      action: 'rule.restore',
      actor: 'user:ada',
      reason: 'needed again',
      before: { state: 'ARCHIVED' },
      after: { state: 'DRAFT', version: 3 },
    });
  });
});

describe('going live', () => {
  it.each([
    ['no test', []],
    ['no positive test', [RULE_TESTS[1]!]],
    ['no negative test', [RULE_TESTS[0]!]],
    ['a failing positive test', [{ ...RULE_TESTS[1]!, expect: 'fires' as const }, RULE_TESTS[1]!]],
    ['a failing negative test', [RULE_TESTS[0]!, { ...RULE_TESTS[0]!, expect: 'quiet' as const }]],
  ])('is refused with %s, but taken with a reason and an override', async (_what, tests) => {
    await saveRule(store, ada, rule({ tests, state: 'DRAFT' }));
    const live = rule({ tests });
    await expect(saveRule(store, ada, live)).rejects.toMatchObject({ code: 'invalid_input' });
    const silent = saveRule(store, ada, { ...live, reason: '  ' }, { override_tests: true });
    await expect(silent).rejects.toMatchObject({ issues: [{ path: 'reason' }] });
    const options = { override_tests: true };
    await saveRule(store, ada, { ...live, reason: 'incident 7' }, options);
    expect(lastEntry()).toMatchObject({
      reason: 'incident 7',
      after: { state: 'ENABLED', tests_overridden: true },
    });
  });

  it('marks nothing as overridden when the tests pass', async () => {
    const options = { override_tests: true };
    await saveRule(store, ada, rule({ reason: 'to be safe' }), options);
    expect(lastEntry().after).not.toHaveProperty('tests_overridden');
  });
});

describe('rollbackRule', () => {
  const back = (version: number, more: object = {}) =>
    rollbackRule(store, ada, 'cpu-high', { version, reason: 'too loud', ...more });

  it('makes a new version of the old body and leaves the state', async () => {
    await saveRule(store, ada, rule({ severity: 'INFO', state: 'DRAFT' }));
    await saveRule(store, ada, rule({ severity: 'CRITICAL' }));
    const rolled = await back(1);
    expect(rolled).toMatchObject({ version: 3, severity: 'INFO', state: 'ENABLED' });
    expect(lastEntry()).toMatchObject({
      action: 'rule.rollback',
      reason: 'too loud',
      after: { rolled_back_to: 1, severity: 'INFO' },
    });
    expect(await back(1)).toEqual(rolled);
  });

  it('refuses what never was, what was seen otherwise, what is archived and what fails its tests', async () => {
    await expect(back(1)).rejects.toMatchObject({ code: 'not_found' });
    await saveRule(store, ada, rule({ tests: [], state: 'DRAFT' }));
    await saveRule(store, ada, rule());
    await expect(back(9)).rejects.toMatchObject({ code: 'not_found' });
    await expect(back(1, { if_version: 1 })).rejects.toMatchObject({ code: 'precondition_failed' });
    await expect(back(1)).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await back(1, { override_tests: true })).toMatchObject({ version: 3, tests: [] });
    await removeRule(store, ada, 'cpu-high');
    await expect(back(2)).rejects.toMatchObject({ issues: [{ path: 'state' }] });
  });
});

describe('diffRule', () => {
  it('names each place with both sides, of the last change unless told', async () => {
    await saveRule(store, ada, rule());
    const pattern = { type: ['metric.cpu', 'metric.load'] };
    await saveRule(store, ada, rule({ pattern, tests: [], state: 'DISABLED', reason: 'x' }));
    await saveRule(store, ada, rule({ pattern, tests: [], state: 'DRAFT' }));
    expect(await diffRule(store, ada, 'cpu-high', {})).toEqual({
      rule_id: 'cpu-high',
      from: 2,
      to: 3,
      changes: [{ path: 'state', before: 'DISABLED', after: 'DRAFT' }],
    });
    const { changes } = await diffRule(store, ada, 'cpu-high', { from: 1 });
    expect(changes).toEqual([
      { path: 'state', before: 'ENABLED', after: 'DRAFT' },
      { path: 'pattern.type[1]', after: 'metric.load' },
      { path: 'pattern.payload', before: rule().pattern.payload },
      { path: 'tests[0]', before: RULE_TESTS[0] },
      { path: 'tests[1]', before: RULE_TESTS[1] },
    ]);
    await expect(diffRule(store, ada, 'cpu-high', { from: 8 })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('finds nothing between equal values, and own keys only', () => {
    expect(differences({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toEqual([]);
    expect(differences({}, { constructor: 1 })).toEqual([{ path: 'constructor', after: 1 }]);
    expect(differences({ a: [1] }, { a: { 0: 1 } })).toHaveLength(1);
  });
});
