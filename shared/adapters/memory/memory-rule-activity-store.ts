import { SentryError } from '#shared/kernel/error.ts';
import type { RuleActivityStore } from '#shared/ports/rule-activity-store.ts';
import type { RuleActivity } from '#shared/rule/activity-schema.ts';

import { memoryKey } from './memory-tables.ts';

/** A RuleActivityStore in memory. For tests. */
export function createMemoryRuleActivityStore(): RuleActivityStore {
  const rows = new Map<string, RuleActivity>();
  return {
    async get(tenant, hour, shard) {
      return structuredClone(rows.get(memoryKey(tenant, hour, shard)));
    },
    async put(row) {
      const key = memoryKey(row.tenant, row.hour, row.shard);
      if ((rows.get(key)?.revision ?? 0) !== row.revision - 1)
        throw new SentryError('conflict', 'Someone else counted meanwhile.');
      rows.set(key, structuredClone(row));
    },
    async list(tenant, fromHour) {
      return [...rows.values()]
        .filter((row) => row.tenant === tenant && row.hour >= fromHour)
        .map((row) => structuredClone(row));
    },
  };
}
