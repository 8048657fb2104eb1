import type { Clock } from '#shared/kernel/context.ts';
import { isTransient } from '#shared/kernel/error.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';

import { bindLookups, readTables } from './bind-lookups.ts';
import type { LookupReader } from './bind-lookups.ts';
import { compileRuleSet } from './compile-rule-set.ts';
import type { RuleSet } from './compile-rule-set.ts';

/** The rule set in force and the revision it was compiled from. */
interface CurrentRuleSet {
  revision: number;
  rules: RuleSet;
  /** True while the store cannot be asked and an earlier set serves on. */
  stale: boolean;
}

export interface RuleSetCache {
  /** Throws `unavailable` only when the store cannot be asked and there is no earlier set. */
  current(tenant: string): Promise<CurrentRuleSet>;
}

interface Entry {
  current: CurrentRuleSet;
  checkedAt: number;
}

/**
 * Keeps each tenant's compiled rules: looks at the pointer at most every `maxAgeMs`, reads and
 * compiles the rules, with the lookup tables they name, only when it moved, and serves the former set
 * while the store is unavailable.
 */
export function createRuleSetCache(
  store: Pick<RuleStore, 'list' | 'ruleSetRevision'>,
  clock: Clock,
  options: { maxAgeMs?: number; lookups?: LookupReader } = {},
): RuleSetCache {
  const maxAgeMs = options.maxAgeMs ?? 2_000;
  const entries = new Map<string, Entry>();
  const looking = new Map<string, Promise<CurrentRuleSet>>();

  async function compileAll(tenant: string): Promise<RuleSet> {
    const all = await store.list(tenant);
    const rules = all.filter(({ state }) => state === 'ENABLED' || state === 'STAGED');
    const tables = await readTables(options.lookups, tenant, rules);
    return compileRuleSet(rules.map((rule) => bindLookups(rule, tables)));
  }

  async function look(tenant: string, entry: Entry | undefined): Promise<CurrentRuleSet> {
    const checkedAt = clock.now();
    let current: CurrentRuleSet;
    try {
      // The pointer first: rules saved between the two reads are then seen as one more change.
      const revision = await store.ruleSetRevision(tenant);
      const unchanged = entry !== undefined && entry.current.revision === revision;
      const rules = unchanged ? entry.current.rules : await compileAll(tenant);
      current = { revision, rules, stale: false };
    } catch (error) {
      if (entry === undefined || !isTransient(error)) throw error;
      current = { ...entry.current, stale: true };
    }
    entries.set(tenant, { current, checkedAt });
    return current;
  }

  return {
    current(tenant) {
      const entry = entries.get(tenant);
      const age = entry === undefined ? Number.POSITIVE_INFINITY : clock.now() - entry.checkedAt;
      if (entry !== undefined && age >= 0 && age < maxAgeMs) return Promise.resolve(entry.current);
      let pending = looking.get(tenant);
      if (pending === undefined) {
        pending = look(tenant, entry).finally(() => looking.delete(tenant));
        looking.set(tenant, pending);
      }
      return pending;
    },
  };
}
