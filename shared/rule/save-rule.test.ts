import { beforeEach, describe, expect, it } from 'vitest';

import { scopesOf } from '#shared/access/scope.ts';
import { createMemoryRuleActivityStore } from '#shared/adapters/memory/memory-rule-activity-store.ts';
import { createMemoryRuleStore } from '#shared/adapters/memory/memory-rule-store.ts';
import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import type { MemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';
import { buildEvent } from '#shared/testing/build-event.ts';
import { buildRule, RULE_TESTS } from '#shared/testing/build-rule.ts';

import { getRule, listRules, listRuleVersions } from './list-rules.ts';
import { removeRule } from './remove-rule.ts';
import { createRuleSetCache } from './rule-set-cache.ts';
import { saveRule } from './save-rule.ts';
import type { DetectionRule } from './schema.ts';
import { seedRules } from './seed-rules.ts';

const NOW = Date.parse('2026-05-01T08:00:00.000Z');
let tables: MemoryTables;
let store: RuleStore;
let clock: { at: number };
let ids: number;

function contextOf(role: string, name = 'ada'): Context {
  return {
    tenant: 't1',
    actor: `user:${name}`,
    scopes: scopesOf([role]),
    now: () => clock.at,
    newId: () => `id-${++ids}`,
    correlation_id: 'c-1',
  };
}
const author = contextOf('rule-author');
function draftOf(fields: Partial<DetectionRule> = {}): Record<string, unknown> {
  const {
    version: _v,
    author: _a,
    created_at: _c,
    updated_at: _u,
    ...draft
  } = buildRule({
    tests: RULE_TESTS,
    ...fields,
  });
  return draft;
}

beforeEach(() => {
  tables = createMemoryTables();
  store = createMemoryRuleStore(tables);
  clock = { at: NOW };
  ids = 0;
});

describe('saveRule', () => {
  it('numbers versions and keeps who and when apart from what', async () => {
    const first = await saveRule(store, author, draftOf(), { create: true });
    expect(first).toMatchObject({
      version: 1,
      author: 'user:ada',
      created_at: '2026-05-01T08:00:00.000Z',
    });
    clock.at += 60_000;
    const second = await saveRule(store, contextOf('admin', 'bo'), draftOf({ severity: 'WARN' }));
    expect(second).toMatchObject({
      version: 2,
      author: 'user:bo',
      created_at: first.created_at,
      updated_at: '2026-05-01T08:01:00.000Z',
    });
    expect(await listRuleVersions(store, author, 'cpu-high')).toEqual([second, first]);
  });

  it('journals the changed fields and announces the version in the same commit', async () => {
    await saveRule(store, author, draftOf());
    await saveRule(store, author, draftOf({ severity: 'WARN', reason: 'too loud' }));
    const entries = [...tables.journal.values()].map(({ row }) => row);
    expect(entries[1]).toMatchObject({
      action: 'rule.update',
      subject: { kind: 'rule', id: 'cpu-high' },
      actor: 'user:ada',
      before: { severity: 'ERROR' },
      after: { severity: 'WARN', version: 2 },
      reason: 'too loud',
    });
    const announced = [...tables.outbox.values()].map(({ envelope }) => envelope);
    expect(announced.map(({ type }) => type)).toEqual(['rule.saved', 'rule.saved']);
    expect(announced[1]!.payload).toMatchObject({ rule: { rule_id: 'cpu-high', version: 2 } });
  });

  it('changes nothing when the same rule is saved again', async () => {
    const first = await saveRule(store, author, draftOf());
    clock.at += 1000;
    expect(await saveRule(store, author, draftOf({ reason: 'again' }))).toEqual(first);
    expect(await store.ruleSetRevision('t1')).toBe(1);
  });

  it('refuses to create over a rule, but takes the id of an archived one on as a draft', async () => {
    await saveRule(store, author, draftOf(), { create: true });
    await expect(saveRule(store, author, draftOf(), { create: true })).rejects.toMatchObject({
      code: 'conflict',
    });
    await removeRule(store, author, 'cpu-high');
    const draft = draftOf({ state: 'DRAFT' });
    expect(await saveRule(store, author, draft, { create: true })).toMatchObject({
      version: 3,
      state: 'DRAFT',
    });
  });

  it('refuses an edit of a version that is not the newest', async () => {
    await saveRule(store, author, draftOf());
    await saveRule(store, author, draftOf({ severity: 'WARN' }));
    const late = saveRule(store, author, draftOf({ severity: 'INFO' }), { if_version: 1 });
    await expect(late).rejects.toMatchObject({
      code: 'precondition_failed',
      current: { version: 2 },
    });
  });

  it('refuses an enabled rule that fails its own tests, and takes it as a draft', async () => {
    const tests: DetectionRule['tests'] = [
      {
        name: 'low',
        expect: 'fires',
        events: [{ source: 'a', type: 'metric.cpu', payload: { value_percent: 1 } }],
      },
      RULE_TESTS[1]!,
    ];
    await expect(saveRule(store, author, draftOf({ tests }))).rejects.toMatchObject({
      code: 'invalid_input',
      issues: [
        {
          path: 'tests[0]',
          message: expect.stringContaining('"low" must be fires but is quiet') as string,
        },
      ],
    });
    expect(await saveRule(store, author, draftOf({ tests, state: 'DRAFT' }))).toMatchObject({
      version: 1,
    });
  });

  it.each([
    ['save', (who: Context) => saveRule(store, who, draftOf())],
    ['remove', (who: Context) => removeRule(store, who, 'cpu-high')],
  ])('needs the write scope to %s', async (_verb, act) => {
    await expect(act(contextOf('viewer'))).rejects.toMatchObject({ code: 'forbidden' });
    expect(await store.list('t1')).toEqual([]);
  });

  it('needs the read scope to list', async () => {
    const nobody = contextOf('producer');
    await expect(listRules(store, createMemoryRuleActivityStore(), nobody)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(getRule(store, nobody, 'x')).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('removeRule', () => {
  it('archives as a last version, once, and hides the rule from the list', async () => {
    await saveRule(store, author, draftOf());
    const removed = await removeRule(store, author, 'cpu-high', { reason: 'obsolete' });
    expect(removed).toMatchObject({ state: 'ARCHIVED', version: 2, reason: 'obsolete' });
    expect(await removeRule(store, author, 'cpu-high')).toEqual(removed);
    expect(await listRules(store, createMemoryRuleActivityStore(), author)).toEqual([]);
    expect(await getRule(store, author, 'cpu-high')).toEqual(removed);
  });

  it('says that there is no such rule', async () => {
    await expect(removeRule(store, author, 'none')).rejects.toMatchObject({ code: 'not_found' });
    await expect(getRule(store, author, 'none')).rejects.toMatchObject({ code: 'not_found' });
    await expect(listRuleVersions(store, author, 'none')).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('seedRules', () => {
  it('writes what is missing and leaves what people changed or archived', async () => {
    await saveRule(store, author, draftOf({ severity: 'INFO' }));
    await saveRule(store, author, draftOf({ rule_id: 'gone' }));
    await removeRule(store, author, 'gone');
    const pack = [draftOf(), draftOf({ rule_id: 'gone' }), draftOf({ rule_id: 'new' })];
    expect(await seedRules(store, author, pack)).toEqual(['new']);
    expect(await seedRules(store, author, pack)).toEqual([]);
    expect(await store.get('t1', 'cpu-high')).toMatchObject({ severity: 'INFO' });
    expect(await store.get('t1', 'gone')).toMatchObject({ state: 'ARCHIVED' });
  });
});

describe('createRuleSetCache', () => {
  const down = new SentryError('unavailable', 'throttled');
  let calls: string[];
  let failing: unknown;
  let cache: ReturnType<typeof createRuleSetCache>;
  beforeEach(() => {
    calls = [];
    failing = undefined;
    const watched = {
      async ruleSetRevision(tenant: string) {
        calls.push('revision');
        if (failing !== undefined) throw failing;
        return store.ruleSetRevision(tenant);
      },
      async list(tenant: string) {
        calls.push('list');
        return store.list(tenant);
      },
    };
    cache = createRuleSetCache(watched, { now: () => clock.at }, { maxAgeMs: 2_000 });
  });
  const severities = async () => {
    const { rules } = await cache.current('t1');
    return rules.match(buildEvent()).matches.map(({ compiled }) => compiled.rule.severity);
  };

  it('looks at the pointer at most every two seconds and reads rules only when it moved', async () => {
    await saveRule(store, author, draftOf());
    for (let step = 0; step < 8; step++) {
      expect(await severities()).toEqual(['ERROR']);
      clock.at += 500;
    }
    expect(calls).toEqual(['revision', 'list', 'revision']);
  });

  it('serves a changed rule within two seconds', async () => {
    await saveRule(store, author, draftOf());
    expect(await severities()).toEqual(['ERROR']);
    await saveRule(store, author, draftOf({ severity: 'WARN' }));
    clock.at += 2_000;
    expect(await severities()).toEqual(['WARN']);
  });

  it('serves the former set, marked stale, while the store is unavailable', async () => {
    await saveRule(store, author, draftOf());
    await cache.current('t1');
    failing = down;
    clock.at += 60_000;
    expect(await cache.current('t1')).toMatchObject({ stale: true, revision: 1 });
    expect(await severities()).toEqual(['ERROR']);
    failing = undefined;
    clock.at += 2_000;
    expect(await cache.current('t1')).toMatchObject({ stale: false });
  });

  it('throws while there is no set to serve, and whatever is not transient', async () => {
    failing = down;
    await expect(cache.current('t1')).rejects.toBe(down);
    failing = undefined;
    await cache.current('t1');
    failing = new TypeError('a fault of ours');
    clock.at += 2_000;
    await expect(cache.current('t1')).rejects.toThrow('a fault of ours');
  });

  it('asks once for callers at the same time, and looks again when the clock was set back', async () => {
    await Promise.all([cache.current('t1'), cache.current('t1'), cache.current('t1')]);
    expect(calls).toEqual(['revision', 'list']);
    clock.at -= 3_600_000;
    await cache.current('t1');
    expect(calls).toHaveLength(3);
  });
});
