import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';

import { scopesOf } from '#shared/access/scope.ts';
import { createMemoryRuleStore } from '#shared/adapters/memory/memory-rule-store.ts';
import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import type { Context } from '#shared/kernel/context.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';
import { buildRule as buildBare, RULE_TESTS } from '#shared/testing/build-rule.ts';

import { exportRules } from './export-rules.ts';
import { importRules } from './import-rules.ts';
import { RULE_STATES } from './schema.ts';

const buildRule: typeof buildBare = (fields) => buildBare({ tests: RULE_TESTS, ...fields });
const testOf = (expected: 'fires' | 'quiet', type: string) => ({
  name: expected,
  expect: expected,
  events: [{ source: 'a', type, payload: null }],
});
let ids = 0;
const contextOf = (role: string): Context => ({
  tenant: 't1',
  actor: 'user:ada',
  scopes: scopesOf([role]),
  now: () => Date.parse('2026-05-01T08:00:00.000Z'),
  newId: () => `id-${++ids}`,
  correlation_id: 'c-1',
});
const ada = contextOf('rule-author');
const newStore = () => createMemoryRuleStore(createMemoryTables());
const outcomes = (result: Awaited<ReturnType<typeof importRules>>) =>
  result.items.map(({ outcome }) => outcome);
let store: RuleStore;
beforeEach(() => {
  store = newStore();
});

describe('export and import', () => {
  const word = fc.stringMatching(/^[a-z]{1,12}$/);
  const rule = fc.record({
    rule_id: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/).map((id) => `${id}-r`),
    state: fc.constantFrom(...RULE_STATES),
    description: fc.string({ maxLength: 40 }),
    name: fc.string({ minLength: 1, maxLength: 20 }),
    pattern: fc.record({ type: fc.array(word, { minLength: 1, maxLength: 3 }) }),
    group_by: fc.uniqueArray(fc.constantFrom('service', 'payload.a', 'payload.b'), {
      maxLength: 3,
    }),
    reopen_window_seconds: fc.integer({ min: 0, max: 86_400 }),
    labels: fc.option(fc.dictionary(word, fc.string({ maxLength: 10 })), { nil: undefined }),
  });
  const rules = fc.uniqueArray(rule, { selector: ({ rule_id }) => rule_id, maxLength: 12 });

  const goingLive = <Draft extends { pattern: { type: string[] } }>(draft: Draft) => ({
    ...draft,
    tests: [testOf('fires', draft.pattern.type[0]!), testOf('quiet', 'none-such')],
  });

  it('make the same document again, in an empty tenant as in the one it came from', async () => {
    await fc.assert(
      fc.asyncProperty(rules, async (drafts) => {
        const [here, there] = [newStore(), newStore()];
        for (const draft of drafts)
          await here.save('t1', {
            rule: buildRule(goingLive(draft)),
            expected: 0,
            journal: [],
            outbox: [],
          });
        const document = JSON.stringify(await exportRules(here, ada));
        const { rules: written } = JSON.parse(document) as { rules: unknown[] };
        const created = await importRules(there, ada, written, { dry_run: false });
        expect(new Set(outcomes(created))).toEqual(new Set(drafts.map(() => 'created')));
        expect(JSON.stringify(await exportRules(there, ada))).toBe(document);
        const again = await importRules(here, ada, written, { dry_run: false });
        expect(new Set(outcomes(again))).toEqual(new Set(drafts.map(() => 'unchanged')));
        expect(await here.ruleSetRevision('t1')).toBe(drafts.length);
      }),
      { numRuns: 60 },
    );
  });

  it('order rules by id and leave out who wrote them and when', async () => {
    for (const rule_id of ['b', 'a-1', 'a'])
      await importRules(store, ada, [{ ...buildRule(), rule_id }], { dry_run: false });
    const { format, format_version, rules: all } = await exportRules(store, ada);
    expect([format, format_version]).toEqual(['hearthlink-sentry.rules', 1]);
    expect(all.map(({ rule_id }) => rule_id)).toEqual(['a', 'a-1', 'b']);
    expect(all[0]).not.toHaveProperty('version');
    expect(all[0]).not.toHaveProperty('author');
  });
});

describe('importRules', () => {
  it('says what happens to each rule, and journals the reason', async () => {
    const [one, two] = [buildRule({ rule_id: 'one' }), buildRule({ rule_id: 'two' })];
    await importRules(store, ada, [one, two], { dry_run: false });
    const changed = { ...two, severity: 'WARN' };
    const drafts = [one, changed, buildRule({ rule_id: 'three' })];
    const options = { dry_run: false, reason: 'moved here' };
    expect(await importRules(store, ada, drafts, options)).toEqual({
      applied: true,
      items: [
        { index: 0, rule_id: 'one', outcome: 'unchanged', version: 1, issues: [] },
        { index: 1, rule_id: 'two', outcome: 'updated', version: 2, issues: [] },
        { index: 2, rule_id: 'three', outcome: 'created', version: 1, issues: [] },
      ],
    });
    expect(await store.get('t1', 'two')).toMatchObject({
      reason: 'moved here',
    });
  });

  it('writes nothing when one rule is refused, and names every wrong place of it', async () => {
    const drafts = [
      buildRule({ rule_id: 'good' }),
      { ...buildRule({ rule_id: 'bad' }), severity: 'LOUD' },
      { ...buildRule({ rule_id: 'odd' }), groupby: [], detector: { kind: 'match', window: 1 } },
      buildRule({ rule_id: 'good' }),
      'no rule',
      null,
    ];
    const result = await importRules(store, ada, drafts, { dry_run: false });
    expect(result.applied).toBe(false);
    expect(outcomes(result)).toEqual(['created', ...Array.from({ length: 5 }, () => 'refused')]);
    expect(result.items.map(({ issues }) => issues.map(({ path }) => path))).toEqual([
      [],
      ['severity'],
      ['detector.window', 'groupby'],
      ['rule_id'],
      [''],
      [''],
    ]);
    expect(await store.list('t1')).toEqual([]);
  });

  it('writes nothing in a dry run and says the same', async () => {
    const drafts = [buildRule()];
    const tried = await importRules(store, ada, drafts, { dry_run: true });
    expect(await store.list('t1')).toEqual([]);
    const done = await importRules(store, ada, drafts, { dry_run: false });
    expect(done).toEqual({ ...tried, applied: true });
  });

  it('refuses alone the rule that somebody changed meanwhile', async () => {
    const racing: RuleStore = {
      ...store,
      async list(tenant) {
        const before = await store.list(tenant);
        await importRules(store, ada, [buildRule({ name: 'theirs' })], { dry_run: false });
        return before;
      },
    };
    const drafts = [buildRule({ name: 'mine' }), buildRule({ rule_id: 'other' })];
    const result = await importRules(racing, ada, drafts, { dry_run: false });
    expect(outcomes(result)).toEqual(['refused', 'created']);
    expect(await store.get('t1', 'cpu-high')).toMatchObject({ name: 'theirs' });
  });

  it('needs the write scope', async () => {
    const viewer = contextOf('viewer');
    const late = importRules(store, viewer, [buildRule()], { dry_run: true });
    await expect(late).rejects.toMatchObject({ code: 'forbidden' });
  });
});
