import type { Alert } from '#shared/alert/schema.ts';
import type { Series } from '#shared/detection/series.ts';
import type { ReplayStores } from '#shared/ports/replay-stores.ts';
import type { Change, DueSeries } from '#shared/ports/work-store.ts';

import { createMemoryQuarantineStore } from './memory-quarantine-store.ts';
import { createMemoryRuleStore } from './memory-rule-store.ts';
import { createMemoryTables, type Kept, memoryKey } from './memory-tables.ts';
import { createMemoryWorkStore } from './memory-work-store.ts';

/** The stores of a replay. What is told or kept for people is left out, so that memory grows with alerts and series only. */
export function createMemoryReplay(now: () => number): ReplayStores {
  const tables = createMemoryTables();
  const work = createMemoryWorkStore(tables, now);
  const due = new Map<string, { one: DueSeries; at: number }>();
  /** No series is due before it; undefined when it is to be looked for. */
  let earliest: number | undefined;

  function note(series: Series): void {
    const { tenant, rule_id, series_key, due_at } = series;
    const key = memoryKey(tenant, rule_id, series_key);
    if (due_at === undefined) return void due.delete(key);
    const at = Date.parse(due_at);
    due.set(key, { one: { tenant, rule_id, series_key, due_at }, at });
    if (earliest !== undefined && at < earliest) earliest = at;
  }

  return {
    work: {
      ...work,
      async commit({ changes }) {
        await work.commit({ changes: changes.flatMap(slim), journal: [], outbox: [] });
        for (const change of changes) if (change.kind === 'series') note(change.row);
      },
      // One shard has them all: a look at every series for each shard and minute would take the run's time.
      async listDueSeries(shard, before, limit) {
        if (shard > 0) return [];
        earliest = undefined;
        const until = Date.parse(before);
        const found = [...due.values()].filter(({ at }) => at <= until);
        return found.slice(0, limit).map(({ one }) => one);
      },
    },
    quarantine: {
      ...createMemoryQuarantineStore(),
      get: async () => undefined,
      put: async () => undefined,
      putBytes: async () => undefined,
    },
    rules: createMemoryRuleStore(tables),
    alerts: () => [...tables.alerts.values()].map(({ row }) => row),
    alertCount: () => tables.alerts.size,
    forgetAlerts() {
      tables.alerts.clear();
      tables.pointers.clear();
    },
    seriesCount: () => tables.series.size,
    nextDue() {
      if (due.size === 0) return undefined;
      if (earliest === undefined) {
        earliest = Infinity;
        for (const { at } of due.values()) earliest = Math.min(earliest, at);
      }
      return earliest;
    },
    tidy() {
      dropExpired(tables.series, now());
      dropExpired(tables.seen, now());
    },
  };
}

function slim(change: Change): Change[] {
  if (change.kind === 'alert') return [{ ...change, row: withoutEvidence(change.row) }];
  const kept = change.kind === 'pointer' || change.kind === 'series' || change.kind === 'seen';
  return kept ? [change] : [];
}

function withoutEvidence(alert: Alert): Alert {
  return { ...alert, evidence: { first: alert.evidence.first.slice(0, 1), last: [] } };
}

function dropExpired<Row>(table: Map<string, Kept<Row>>, now: number): void {
  for (const [key, { until }] of table) if (until <= now) table.delete(key);
}
