import type { DocumentRevision } from '#shared/ports/document-store.ts';

import {
  type ResponseStores,
  readWrittenRules,
  withInhibitors,
  type WrittenRules,
} from './read-rules.ts';
import type { ResponseRules } from './rules.ts';

interface Kept {
  revision: string;
  rules: WrittenRules;
}

/**
 * Reads the rules in force, each tenant's kept until one of them is saved. Nothing is ever stale: the
 * revision is asked for every time, strongly consistent, and is written in one transaction with the
 * rule, so whoever was told that a silence is saved is not paged by a decision that begins after.
 * One read takes the place of six. Alerts that inhibit others are rows of work and never kept.
 */
export function createRulesCache(
  stores: ResponseStores,
  revisions: DocumentRevision,
): (tenant: string) => Promise<ResponseRules> {
  const kept = new Map<string, Kept>();
  return async (tenant) => {
    // The revision first: what is saved between the two reads is then seen as one more change.
    const revision = await revisions.latest(tenant);
    let entry = kept.get(tenant);
    if (entry?.revision !== revision) {
      entry = { revision, rules: await readWrittenRules(stores, tenant) };
      kept.set(tenant, entry);
    }
    return withInhibitors(stores.work, tenant, entry.rules);
  };
}
