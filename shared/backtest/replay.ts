import { decideResolve } from '#shared/alert/resolve.ts';
import type { Alert } from '#shared/alert/schema.ts';
import { type BatchPorts, processBatch } from '#shared/detection/process-batch.ts';
import type { StreamRecord } from '#shared/detection/read-records.ts';
import { sweepSeries } from '#shared/detection/sweep-series.ts';
import type { EventRecord } from '#shared/event/schema.ts';
import type { ReplayStores } from '#shared/ports/replay-stores.ts';
import { NO_RESPONSE } from '#shared/response/rules.ts';
import { compileRuleSet, type RuleMatch } from '#shared/rule/compile-rule-set.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';

import { type Resolve, seedKnown } from './seed-known.ts';

const NOTHING: ReplayCounts = {
  events: 0,
  refused: 0,
  matches: 0,
  duplicates: 0,
  rule_faults: 0,
};
/** The live sweep runs each minute too. */
const SWEEP_MS = 60_000;

export interface ReplayInput {
  tenant: string;
  rules: readonly DetectionRule[];
  /** The time of the replay; moved to each batch's arrival. The stores go by it. */
  clock: { now: number };
  stores: ReplayStores;
  /** Live alerts of the same rules: what stood before the period, and when people resolved what. */
  known?: readonly Alert[];
  /** Sees each event of the period that a rule selects, once for each time it arrived. */
  watch?(this: void, event: EventRecord, matches: readonly RuleMatch[]): void;
}

/** What has been replayed of the period. */
export interface ReplayCounts {
  events: number;
  refused: number;
  /** Events given to a detector, each once per rule that selects it. */
  matches: number;
  duplicates: number;
  rule_faults: number;
}

export interface Replay {
  counts: ReplayCounts;
  /** Rules that could not be compiled and so see nothing. */
  broken: readonly { rule_id: string; error: Error }[];
  /** Detects one batch as the live function would have when its last record arrived. */
  take(records: readonly StreamRecord[]): Promise<void>;
  /**
   * Begins the period at `from`, ms: what was taken before has only warmed the detectors up, and alerts
   * stand as they stood live.
   */
  begin(from: number): Promise<void>;
  /** Lets the time run on without events until `at`, ms. */
  finish(at: number): Promise<void>;
}

/**
 * Runs archived records through the detect function's own verb against stores in memory: the same
 * matching, folding, deduplication and alert ids, at the time the records arrived. Nothing is told to
 * anybody. With `known`, episodes go on where they stood and end when people ended them.
 */
export function openReplay(input: ReplayInput): Replay {
  const { tenant, clock, stores, watch } = input;
  const set = compileRuleSet(input.rules);
  let isBegun = false;
  const ruleSet: typeof set = {
    ...set,
    match(event) {
      const found = set.match(event);
      if (isBegun && found.matches.length > 0) watch?.(event, found.matches);
      return found;
    },
  };
  const ports: BatchPorts = {
    ...stores,
    feed: { put: () => Promise.resolve() },
    response: () => Promise.resolve(NO_RESPONSE),
    ruleSet: () => Promise.resolve(ruleSet),
    pause: () => Promise.resolve(),
    fault_counts: new Map(),
    warn: () => undefined,
  };
  let ids = 0;
  const ctx = {
    actor: 'system:backtest',
    scopes: new Set<never>(),
    newId: () => `replay-${++ids}`,
    now: () => clock.now,
    correlation_id: 'backtest',
  };
  let resolves: Resolve[] = [];
  const counts: ReplayCounts = { ...NOTHING };

  async function detect(records: readonly StreamRecord[]): Promise<void> {
    clock.now = Math.max(clock.now, records.at(-1)!.arrived_at_ms);
    const report = await processBatch(ports, ctx, records, {
      default_tenant: tenant,
      signing_key: '',
    });
    counts.events += report.events;
    counts.refused += report.refused;
    counts.matches += report.folded;
    counts.duplicates += report.duplicates;
    counts.rule_faults += report.rule_faults;
  }

  async function resolve({ alert, at }: Resolve): Promise<void> {
    clock.now = Math.max(clock.now, at);
    const [pointer] = await stores.work.getPointers(tenant, [alert]);
    const stored = pointer && (await stores.work.getAlert(tenant, pointer.alert_id));
    if (!stored || stored.alert_id !== alert.alert_id) return;
    const rows = { alert: stored, pointer, deliveries: [], timers: [] };
    const decision = decideResolve(rows, {}, ctx);
    if (decision.kind === 'commit') await stores.work.commit(decision.commit);
  }

  const lanes = { list: () => Promise.resolve([]) };
  let sweptAt = 0;
  async function sweep(at: number): Promise<void> {
    sweptAt = clock.now = Math.max(clock.now, at);
    await sweepSeries({ ...ctx, tenant }, { ...ports, lanes });
  }

  /** What happens next without an event: a person's resolve, or the sweep of a series gone silent. */
  function nextTurn(): { at: number; run(): Promise<void> } | undefined {
    const [first] = resolves;
    const due = stores.nextDue();
    const sweepAt =
      due === undefined
        ? undefined
        : Math.max(Math.ceil(due / SWEEP_MS) * SWEEP_MS, sweptAt + SWEEP_MS);
    if (first && (sweepAt === undefined || first.at <= sweepAt))
      return { at: first.at, run: () => resolve(resolves.shift()!) };
    return sweepAt === undefined ? undefined : { at: sweepAt, run: () => sweep(sweepAt) };
  }

  async function finish(at: number): Promise<void> {
    for (let turn = nextTurn(); turn && turn.at < at; turn = nextTurn()) await turn.run();
  }

  return {
    counts,
    broken: set.broken,
    async take(records) {
      let left = records;
      while (left.length > 0) {
        const turn = nextTurn();
        const before = turn ? left.findIndex(({ arrived_at_ms }) => arrived_at_ms >= turn.at) : -1;
        if (!turn || before < 0) return detect(left);
        if (before > 0) await detect(left.slice(0, before));
        // The events before it may have changed what comes next.
        else await turn.run();
        left = left.slice(before);
      }
    },
    async begin(from) {
      await finish(from);
      clock.now = Math.max(clock.now, from);
      stores.forgetAlerts();
      resolves = await seedKnown(stores.work, input.known ?? [], from);
      Object.assign(counts, NOTHING);
      isBegun = true;
    },
    finish,
  };
}
