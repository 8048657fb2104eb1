import { describe, expect, it } from 'vitest';

import { createMemoryLookupStore } from '#shared/adapters/memory/memory-lookup-store.ts';
import { createMemoryRuleStore } from '#shared/adapters/memory/memory-rule-store.ts';
import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { removeLookup } from '#shared/lookup/remove-lookup.ts';
import { saveLookup } from '#shared/lookup/save-lookup.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildEvent } from '#shared/testing/build-event.ts';
import { buildRule } from '#shared/testing/build-rule.ts';

import { bindLookups, lookupNames, readTables } from './bind-lookups.ts';
import { importRules } from './import-rules.ts';
import { rollbackRule } from './rollback-rule.ts';
import { createRuleSetCache } from './rule-set-cache.ts';
import { saveRule } from './save-rule.ts';
import type { DetectionRule } from './schema.ts';
import { tryStoredRule } from './try-stored-rule.ts';

const event = (user: string) => ({ source: 'a', type: 'auth.login', payload: { user } });
const RULE: DetectionRule = buildRule({
  rule_id: 'vip-login',
  pattern: { type: ['auth.login'], payload: { user: [{ lookup: 'vip-users' }] } },
  group_by: [],
  title: 'A VIP signed in',
  tests: [
    { name: 'a vip', expect: 'fires', events: [event('ada')] },
    { name: 'anybody', expect: 'quiet', events: [event('bob')] },
  ],
});
const OTHERS = buildRule({
  ...RULE,
  rule_id: 'other-login',
  pattern: {
    type: ['auth.login'],
    payload: { user: [{ 'anything-but': { lookup: 'vip-users' } }] },
  },
  tests: RULE.tests.map((test) => ({
    ...test,
    expect: test.expect === 'fires' ? ('quiet' as const) : ('fires' as const),
  })),
});

function open() {
  const clock = { now: Date.parse('2026-11-23T12:00:00.000Z') };
  const tables = createMemoryTables();
  let touched = 0;
  const memory = createMemoryRuleStore(tables);
  const rules = {
    ...memory,
    ruleSetRevision: async (tenant: string) => (await memory.ruleSetRevision(tenant)) + touched,
  };
  const lookups = createMemoryLookupStore(tables, () => touched++);
  const context = buildContext(clock);
  const cache = createRuleSetCache(rules, { now: () => clock.now }, { lookups });
  const put = (...keys: string[]) => saveLookup(lookups, context, { name: 'vip-users', keys });
  const firing = async (user: string) => {
    clock.now += 2_000;
    const { rules: set } = await cache.current(context.tenant);
    return set.match(buildEvent(event(user))).matches.map(({ compiled }) => compiled.rule.rule_id);
  };
  return { clock, tables, rules, lookups, context, cache, put, firing };
}

describe('rules that name lookup tables', () => {
  it('are saved once the table is there, and refused with the names there are before', async () => {
    const { rules, lookups, context, put } = open();
    await expect(saveRule(rules, context, RULE, { lookups })).rejects.toMatchObject({
      code: 'invalid_input',
      issues: [
        { path: 'pattern', message: expect.stringContaining('there is none yet') as string },
      ],
    });
    await saveLookup(lookups, context, { name: 'known-hosts', keys: ['h1'] });
    await expect(saveRule(rules, context, RULE, { lookups })).rejects.toThrow(
      'there is no lookup table "vip-users"; there is known-hosts',
    );
    await put('ada');
    expect(await saveRule(rules, context, RULE, { lookups })).toMatchObject({
      version: 1,
      pattern: RULE.pattern,
    });
    expect((await rules.get(context.tenant, 'vip-login'))!.pattern).toEqual(RULE.pattern);
  });

  it('are refused everywhere when nobody can say what tables there are', async () => {
    const { rules, context, put } = open();
    await put('ada');
    await expect(saveRule(rules, context, RULE)).rejects.toMatchObject({ code: 'invalid_input' });
    const { items } = await importRules(rules, context, [RULE], { dry_run: false });
    expect(items).toMatchObject([{ outcome: 'refused' }]);
    await expect(tryStoredRule(rules, context, { rule: RULE })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  it('pass or fail their tests by the keys as they stand', async () => {
    const { rules, lookups, context, put } = open();
    await put('grace');
    await expect(saveRule(rules, context, RULE, { lookups })).rejects.toThrow(
      '"a vip" must be fires but is quiet',
    );
    await put('ada', 'grace');
    const { items } = await importRules(rules, context, [RULE, OTHERS], {
      dry_run: false,
      lookups,
    });
    expect(items.map(({ outcome }) => outcome)).toEqual(['created', 'created']);
  });

  it('see new keys within the time of the cache, at every detector', async () => {
    const { rules, lookups, context, put, firing } = open();
    await put('ada', 'bo');
    await saveRule(rules, context, RULE, { lookups });
    await saveRule(rules, context, { ...OTHERS, tests: OTHERS.tests }, { lookups });
    expect([await firing('ada'), await firing('bob')]).toEqual([['vip-login'], ['other-login']]);
    await put('bob', ...Array.from({ length: 9_000 }, (_, at) => `user-${at}`));
    expect([await firing('ada'), await firing('bob')]).toEqual([['other-login'], ['vip-login']]);
  });

  it('break when the table is gone, and never count as "no match"', async () => {
    const { clock, rules, lookups, context, cache, put, firing } = open();
    await put('ada');
    await saveRule(rules, context, RULE, { lookups });
    const lookup = (await lookups.get(context.tenant, 'vip-users'))!;
    await lookups.save(context.tenant, {
      lookup: { ...lookup, version: 2, keys: [], size: 0, removed_at: lookup.updated_at },
      expected: 1,
      journal: [],
      outbox: [],
    });
    expect(await firing('ada')).toEqual([]);
    clock.now += 2_000;
    const { broken } = (await cache.current(context.tenant)).rules;
    expect(broken.map(({ rule_id, error }) => [rule_id, error.message])).toEqual([
      ['vip-login', 'there is no lookup table "vip-users"'],
    ]);
    await put('ada');
    expect(await firing('ada')).toEqual(['vip-login']);
  });

  it('keep their table from being removed, until they are archived', async () => {
    const stores = open();
    const { rules, lookups, context, put } = stores;
    await put('ada');
    await saveRule(rules, context, RULE, { lookups });
    await saveRule(rules, context, { ...OTHERS, state: 'DRAFT' }, { lookups });
    await expect(removeLookup(stores, context, 'vip-users')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('used by other-login, vip-login') as string,
    });
    for (const rule of [RULE, OTHERS])
      await saveRule(rules, context, { ...rule, state: 'ARCHIVED' }, { lookups });
    expect(await removeLookup(stores, context, 'vip-users', { reason: 'unused' })).toMatchObject({
      version: 2,
      keys: [],
    });
    const archived = { ...RULE, state: 'ARCHIVED' };
    const { items } = await importRules(rules, context, [archived], { dry_run: true, lookups });
    expect(items).toMatchObject([{ outcome: 'unchanged' }]);
  });

  it('do not come back by a rollback once the table is gone', async () => {
    const stores = open();
    const { rules, lookups, context, put } = stores;
    await put('ada');
    await saveRule(rules, context, RULE, { lookups });
    await saveRule(
      rules,
      context,
      { ...RULE, pattern: { payload: { user: ['ada'] } } },
      { lookups },
    );
    await removeLookup(stores, context, 'vip-users');
    const back = { version: 1, reason: 'worse', lookups };
    await expect(rollbackRule(rules, context, 'vip-login', back)).rejects.toThrow(
      'no lookup table "vip-users"',
    );
  });

  it('are tried with the tables, and say in words where the value was found', async () => {
    const { rules, lookups, context, put } = open();
    await put('ada');
    const { items } = await tryStoredRule(rules, context, { rule: RULE }, lookups);
    expect(items.map(({ passed }) => passed)).toEqual([true, true]);
    expect(JSON.stringify(items[0])).toContain('payload.user in lookup vip-users');
  });

  it('are found with their names in any list of matchers, in steps too, never in fields so called', () => {
    const pattern = {
      lookup: ['x'],
      $or: [{ a: ['b', { lookup: 'one' }] }, { c: { d: [{ 'anything-but': { lookup: 'two' } }] } }],
    };
    expect(lookupNames({ ...RULE, pattern })).toEqual(['one', 'two']);
    const steps = [{ name: 'a', pattern: { user: [{ lookup: 'three' }] } }];
    const detector = { kind: 'sequence', steps } as unknown as DetectionRule['detector'];
    expect(lookupNames({ pattern: {}, detector })).toEqual(['three']);
  });

  it('are not changed by having their tables put in', async () => {
    const { lookups, context, put } = open();
    await put('ada');
    const before = JSON.stringify(RULE);
    const bound = bindLookups(RULE, await readTables(lookups, context.tenant, [RULE]));
    expect(bound).not.toBe(RULE);
    expect([JSON.stringify(RULE), JSON.stringify(bound)]).toEqual([before, before]);
  });
});
