import { beforeEach, describe, expect, it } from 'vitest';

import type { JournalEntry, OutboxRow } from '#shared/audit/schema.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';
import type { JournalStore } from '#shared/ports/work-store.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';

import { buildEntry, buildOutbox } from './build-alert.ts';
import { buildRule } from './build-rule.ts';

/** A fresh rule store and the journal it writes into. */
export interface RuleStoreUnderTest {
  rules: RuleStore;
  journal: JournalStore;
}

const TENANT = 't1';

/** What every RuleStore promises; each adapter's test calls it with a fresh store per case. */
export function ruleStoreContract(name: string, make: () => Promise<RuleStoreUnderTest>): void {
  describe(`${name} keeps the rule store contract`, () => {
    let rules: RuleStore;
    let journal: JournalStore;
    beforeEach(async () => {
      ({ rules, journal } = await make());
    });

    const save = (
      rule: DetectionRule,
      more: { journal?: JournalEntry[]; outbox?: OutboxRow[] } = {},
      tenant = TENANT,
    ) => rules.save(tenant, { rule, expected: rule.version - 1, journal: [], outbox: [], ...more });

    it('has nothing, at revision 0, before anything was saved', async () => {
      expect(await rules.list(TENANT)).toEqual([]);
      expect(await rules.get(TENANT, 'cpu-high')).toBeUndefined();
      expect(await rules.versions(TENANT, 'cpu-high')).toEqual([]);
      expect(await rules.ruleSetRevision(TENANT)).toBe(0);
    });

    it('gives a rule back exactly, whatever keys its pattern and tests hold', async () => {
      const pattern = JSON.parse(
        '{"payload":{"constructor":["x"],"__proto__":["y"],"":[1e21,null,9007199254740993]}}',
      ) as DetectionRule['pattern'];
      const rule = buildRule({
        pattern,
        name: 'half a pair \ud800, NUL \u0000, emoji 🦉',
        tests: [{ name: 'one', expect: 'quiet', events: [{ type: 'x', deep: [[[{}]]] }] }],
      });
      await save(rule);
      expect(JSON.stringify(await rules.get(TENANT, rule.rule_id))).toBe(JSON.stringify(rule));
      expect(await rules.list(TENANT)).toHaveLength(1);
    });

    it('lists the newest version of each rule by id, in every state', async () => {
      await save(buildRule({ rule_id: 'b' }));
      await save(buildRule({ rule_id: 'a', state: 'ARCHIVED' }));
      await save(buildRule({ rule_id: 'b', version: 2, state: 'DISABLED' }));
      const listed = (await rules.list(TENANT)).map(({ rule_id, version, state }) => [
        rule_id,
        version,
        state,
      ]);
      expect(listed).toEqual([
        ['a', 1, 'ARCHIVED'],
        ['b', 2, 'DISABLED'],
      ]);
    });

    it('keeps every version, newest first, beyond nine, and not those of a longer id', async () => {
      for (let version = 1; version <= 11; version++) await save(buildRule({ version }));
      await save(buildRule({ rule_id: 'cpu-high-2' }));
      const versions = (await rules.versions(TENANT, 'cpu-high')).map((rule) => rule.version);
      expect(versions).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    });

    it('moves the rule set to a new revision with every save, and only then', async () => {
      await save(buildRule());
      expect(await rules.ruleSetRevision(TENANT)).toBe(1);
      await save(buildRule({ version: 2 }));
      expect(await rules.ruleSetRevision(TENANT)).toBe(2);
      await expect(save(buildRule({ version: 2, name: 'other' }))).rejects.toThrow(SentryError);
      expect(await rules.ruleSetRevision(TENANT)).toBe(2);
    });

    it('refuses a save over another version with the stored rule, and writes nothing of it', async () => {
      await save(buildRule());
      const entry = buildEntry({ entry_id: 'lost', subject: { kind: 'rule', id: 'cpu-high' } });
      for (const expected of [0, 2]) {
        const rule = buildRule({ version: expected + 1, name: 'late' });
        const refused = rules.save(TENANT, { rule, expected, journal: [entry], outbox: [] });
        await expect(refused).rejects.toMatchObject({
          code: 'conflict',
          current: { name: 'CPU is high', version: 1 },
        });
      }
      expect(await rules.versions(TENANT, 'cpu-high')).toHaveLength(1);
      const { items } = await journal.listEntries(TENANT, entry.subject, { limit: 10 });
      expect(items).toEqual([]);
    });

    it('lets exactly one of several writers of one version win', async () => {
      const writers = ['a', 'b', 'c', 'd'].map((name) => save(buildRule({ name })));
      const results = await Promise.allSettled(writers);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await rules.versions(TENANT, 'cpu-high')).toHaveLength(1);
      expect(await rules.ruleSetRevision(TENANT)).toBe(1);
    });

    it('loses no revision to writers of different rules at once', async () => {
      await Promise.all(['a', 'b', 'c', 'd'].map((rule_id) => save(buildRule({ rule_id }))));
      expect(await rules.ruleSetRevision(TENANT)).toBe(4);
      expect(await rules.list(TENANT)).toHaveLength(4);
    });

    it('writes journal and outbox with the rule', async () => {
      const entry = buildEntry({
        entry_id: 'e-rule',
        subject: { kind: 'rule', id: 'cpu-high' },
        action: 'rule.create',
      });
      const row = buildOutbox({ outbox_id: 'o-rule' });
      await save(buildRule(), { journal: [entry], outbox: [row] });
      const { items } = await journal.listEntries(TENANT, entry.subject, { limit: 10 });
      expect(items).toEqual([entry]);
      const shards = Array.from({ length: 16 }, (_, shard) => shard);
      const outbox = await Promise.all(
        shards.map((shard) => journal.listOutbox(shard, '9999-01-01T00:00:00.000Z', 10)),
      );
      expect(outbox.flat()).toEqual([row]);
    });

    it('keeps what the newest version costs beside the rule, never in it', async () => {
      const cost = { cost_ns: 1_300, indexed: false };
      const put = (rule: DetectionRule, measured?: typeof cost) =>
        rules.save(TENANT, {
          rule,
          expected: rule.version - 1,
          journal: [],
          outbox: [],
          cost: measured,
        });
      await put(buildRule(), cost);
      await put(buildRule({ rule_id: 'unmeasured' }));
      expect(await rules.costs(TENANT)).toEqual(new Map([['cpu-high', cost]]));
      expect(await rules.costOf(TENANT, 'cpu-high')).toEqual(cost);
      expect(await rules.costOf(TENANT, 'unmeasured')).toBeUndefined();
      expect(await rules.get(TENANT, 'cpu-high')).toEqual(buildRule());
      expect(await rules.costs('t2')).toEqual(new Map());
      await put(buildRule({ version: 2 }));
      expect(await rules.costOf(TENANT, 'cpu-high')).toBeUndefined();
    });

    it('keeps tenants apart', async () => {
      await save(buildRule(), {}, 't1');
      await save(buildRule({ name: 'of t2' }), {}, 't2');
      await save(buildRule({ version: 2, name: 'of t2 again' }), {}, 't2');
      expect((await rules.get('t1', 'cpu-high'))!.version).toBe(1);
      expect((await rules.list('t2')).map((rule) => rule.name)).toEqual(['of t2 again']);
      expect(await rules.ruleSetRevision('t1')).toBe(1);
      expect(await rules.list('t')).toEqual([]);
    });
  });
}
