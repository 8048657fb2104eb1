import type { Backtest, BacktestResult } from '#shared/backtest/schema.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { BacktestStore } from '#shared/ports/backtest-store.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';

import { memoryKey } from './memory-tables.ts';

interface Kept {
  job: Backtest;
  rules: readonly DetectionRule[];
  result?: BacktestResult;
}

/** A BacktestStore in memory, for tests. */
export function createMemoryBacktestStore(now: () => number): BacktestStore {
  const kept = new Map<string, Kept>();
  const places = new Map<string, { id: string; until: number }>();
  const find = (tenant: string, id: string) => kept.get(memoryKey(tenant, id));
  return {
    async create(job, rules) {
      const key = memoryKey(job.tenant, job.backtest_id);
      if (kept.has(key)) throw new SentryError('conflict', 'There is such a backtest.');
      kept.set(key, structuredClone({ job, rules }));
    },
    async get(tenant, id) {
      return structuredClone(find(tenant, id)?.job);
    },
    async rules(tenant, id) {
      return structuredClone([...(find(tenant, id)?.rules ?? [])]);
    },
    async result(tenant, id) {
      return structuredClone(find(tenant, id)?.result);
    },
    async list(tenant, limit) {
      return [...kept.values()]
        .map(({ job }) => structuredClone(job))
        .filter((job) => job.tenant === tenant)
        .sort((a, b) => (a.backtest_id < b.backtest_id ? 1 : -1))
        .slice(0, limit);
    },
    async save(job, result) {
      const found = find(job.tenant, job.backtest_id);
      if (found && result) found.result = structuredClone(result);
      if (found?.job.revision !== job.revision - 1)
        throw new SentryError('conflict', 'The backtest has changed meanwhile.');
      found.job = structuredClone(job);
    },
    async takePlace(tenant, id, until) {
      const place = places.get(tenant);
      if (place && place.until > now() && place.id !== id) return false;
      places.set(tenant, { id, until });
      return true;
    },
    async leavePlace(tenant, id) {
      if (places.get(tenant)?.id === id) places.delete(tenant);
    },
  };
}
