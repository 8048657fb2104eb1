import type { Alert } from '#shared/alert/schema.ts';
import type { Change } from '#shared/ports/work-store.ts';
import type { ReplayStores } from '#shared/ports/replay-stores.ts';

import { createMemoryQuarantineStore } from './memory-quarantine-store.ts';
import { createMemoryRuleStore } from './memory-rule-store.ts';
import { createMemoryTables, type Kept } from './memory-tables.ts';
import { createMemoryWorkStore } from './memory-work-store.ts';

/** The stores of a replay. What is told or kept for people is left out, so that memory grows with alerts and series only. */
export function createMemoryReplay(now: () => number): ReplayStores {
  const tables = createMemoryTables();
  const work = createMemoryWorkStore(tables, now);
  return {
    work: {
      ...work,
      commit: ({ changes }) =>
        work.commit({ changes: changes.flatMap(slim), journal: [], outbox: [] }),
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
    seriesCount: () => tables.series.size,
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
