import { createMemoryLaneStore } from '#shared/adapters/memory/memory-lane-store.ts';
import { createMemoryQuarantineStore } from '#shared/adapters/memory/memory-quarantine-store.ts';
import { createMemoryRuleActivityStore } from '#shared/adapters/memory/memory-rule-activity-store.ts';
import { createMemoryRuleStore } from '#shared/adapters/memory/memory-rule-store.ts';
import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import type { noteLane } from '#shared/detection/note-lane.ts';
import {
  type BatchPorts,
  type BatchReport,
  processBatch,
} from '#shared/detection/process-batch.ts';
import type { StreamRecord } from '#shared/detection/read-records.ts';
import { type SeriesSweep, sweepSeries } from '#shared/detection/sweep-series.ts';
import type { EventRecord } from '#shared/event/schema.ts';
import type { FeedFrame } from '#shared/live/schema.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';
import { NO_RESPONSE } from '#shared/response/rules.ts';
import { compileRuleSet } from '#shared/rule/compile-rule-set.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';

import { BUILT_AT } from './build-alert.ts';
import { buildContext } from './build-context.ts';
import { buildPolicy } from './build-finding.ts';

export const SIGNING_KEY = 'a-key-for-tests';
const TENANCY = { default_tenant: 't1', signing_key: SIGNING_KEY };

/** A record of the stream holding one event, or whatever bytes are given. */
export function buildRecord(
  sequence: number,
  body: EventRecord | Uint8Array | string,
  fields: Partial<StreamRecord> = {},
): StreamRecord {
  const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  return {
    shard: 'shardId-000000000000',
    sequence: String(sequence),
    partition_key: 'p',
    bytes: typeof text === 'string' ? Buffer.from(text) : text,
    arrived_at_ms: Date.parse(BUILT_AT),
    ...fields,
  };
}

/** The detect verb over memory stores; `break` puts a wrapper between it and the work store. */
export function createDetectHarness(rules: readonly DetectionRule[]) {
  const clock = { now: Date.parse(BUILT_AT) };
  const tables = createMemoryTables();
  const work = createMemoryWorkStore(tables, () => clock.now);
  const frames: FeedFrame[] = [];
  const warnings: string[] = [];
  const lanes = createMemoryLaneStore();
  let ruleSet = compileRuleSet(rules);
  const activity = createMemoryRuleActivityStore();
  const ports: BatchPorts & Parameters<typeof noteLane>[0] = {
    lanes,
    lane_notes: new Map(),
    work,
    quarantine: createMemoryQuarantineStore(),
    rules: createMemoryRuleStore(tables),
    activity,
    feed: { put: async (_tenant, _shard, _sequence, frame) => void frames.push(frame) },
    response: async () => ({ ...NO_RESPONSE, policies: [buildPolicy()] }),
    ruleSet: async () => ruleSet,
    pause: async () => {},
    fault_counts: new Map(),
    warn: (what) => void warnings.push(what),
  };
  const ctx = buildContext(clock, { actor: 'system:detect' });

  return {
    clock,
    tables,
    work,
    ports,
    activity,
    frames,
    warnings,
    lanes,
    /** Puts other rules in force. */
    useRules(others: readonly DetectionRule[]): void {
      ruleSet = compileRuleSet(others);
    },
    /** Judges what is due, as the sweeper does every minute; `store` as in `deliver`. */
    sweep(store: WorkStore = work): Promise<SeriesSweep> {
      const sweeper = buildContext(clock, { actor: 'system:escalate' });
      return sweepSeries(sweeper, { ...ports, work: store, lanes });
    },
    /** Delivers records as one batch; `store` replaces the work store for this batch only. */
    deliver(records: readonly StreamRecord[], store: WorkStore = work): Promise<BatchReport> {
      return processBatch({ ...ports, work: store }, ctx, records, TENANCY);
    },
    /** Delivers as Lambda does: what is reported comes again, until all is done; crashes are survived. */
    async deliverUntilDone(records: readonly StreamRecord[], stores: Iterable<WorkStore> = []) {
      let left = records;
      const given = stores[Symbol.iterator]();
      for (let attempt = 1; left.length > 0; attempt++) {
        if (attempt > 200) throw new Error('the batch is never done');
        try {
          const next = given.next();
          const report = await this.deliver(left, next.done ? work : next.value);
          if (report.uncommitted === undefined) return;
          left = left.slice(left.findIndex(({ sequence }) => sequence === report.uncommitted));
        } catch (error) {
          if (!(error instanceof Crash)) throw error;
        }
      }
    },
    /**
     * What must not depend on how often and in which pieces records came. `last_seen` is not among it:
     * below a threshold events leave no alert on which to note it.
     */
    outcome() {
      const rows = <Row>(table: Map<string, { row: Row }>) =>
        [...table.values()].map(({ row }) => row);
      const alerts = rows(tables.alerts)
        .map(({ alert_id, state, count, first_seen, severity, episode }) => ({
          alert_id,
          state,
          count,
          first_seen,
          severity,
          episode,
        }))
        .sort((a, b) => (a.alert_id < b.alert_id ? -1 : 1));
      const keys = (names: string[]) => names.toSorted();
      return {
        alerts,
        deliveries: keys(rows(tables.deliveries).map((row) => row.delivery_key)),
        timers: keys(rows(tables.timers).map((row) => `${row.alert_id} ${row.step}`)),
        pointers: keys(rows(tables.pointers).map((row) => row.alert_id)),
        journal: keys(rows(tables.journal).map((row) => `${row.subject.id} ${row.action}`)),
        outbox: keys([...tables.outbox.values()].map((row) => row.outbox_id)),
      };
    },
  };
}
export type DetectHarness = ReturnType<typeof createDetectHarness>;

/** The process died: thrown by fault-injecting stores, never by real ones. */
export class Crash extends Error {}
