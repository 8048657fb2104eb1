import { decideResolve } from '#shared/alert/resolve.ts';
import type { Alert, AlertPointer } from '#shared/alert/schema.ts';
import { type BatchPorts, processBatch } from '#shared/detection/process-batch.ts';
import type { StreamRecord } from '#shared/detection/read-records.ts';
import type { EventRecord } from '#shared/event/schema.ts';
import type { ReplayStores } from '#shared/ports/replay-stores.ts';
import { compileRuleSet, type RuleMatch } from '#shared/rule/compile-rule-set.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';

export interface ReplayInput {
  tenant: string;
  rules: readonly DetectionRule[];
  /** The time of the replay; moved to each batch's arrival. The stores go by it. */
  clock: { now: number };
  stores: ReplayStores;
  /** Live alerts of the same rules: what stood before the period, and when people resolved what. */
  known?: readonly Alert[];
  /** From here on records are replayed, ms. */
  from: number;
  /** Sees each event that a rule selects, once for each time it arrived. */
  watch?(this: void, event: EventRecord, matches: readonly RuleMatch[]): void;
}

/** What has been replayed so far. */
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
}

/**
 * Runs archived records through the detect function's own verb against stores in memory: the same
 * matching, folding, deduplication and alert ids, at the time the records arrived. Nothing is told to
 * anybody. With `known`, episodes go on where they stood and end when people ended them.
 */
export async function openReplay(input: ReplayInput): Promise<Replay> {
  const { tenant, clock, stores, watch, from } = input;
  const set = compileRuleSet(input.rules);
  const ruleSet: typeof set = {
    ...set,
    match(event) {
      const found = set.match(event);
      if (found.matches.length > 0) watch?.(event, found.matches);
      return found;
    },
  };
  const ports: BatchPorts = {
    ...stores,
    feed: { put: () => Promise.resolve() },
    policies: () => Promise.resolve([]),
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
  const resolves = await seedKnown(input);
  const counts: ReplayCounts = {
    events: 0,
    refused: 0,
    matches: 0,
    duplicates: 0,
    rule_faults: 0,
  };

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

  clock.now = Math.max(clock.now, from);
  return {
    counts,
    broken: set.broken,
    async take(records) {
      let left = records;
      while (left.length > 0) {
        const [next] = resolves;
        const before = next ? left.findIndex(({ arrived_at_ms }) => arrived_at_ms >= next.at) : -1;
        if (before < 0) return detect(left);
        if (before > 0) await detect(left.slice(0, before));
        await resolve(resolves.shift()!);
        left = left.slice(before);
      }
    },
  };
}

interface Resolve {
  alert: Alert;
  at: number;
}

/** Puts in what stood at `from`, and answers the resolves that came after it, in order. */
async function seedKnown({ stores, known = [], from, tenant }: ReplayInput): Promise<Resolve[]> {
  const standing = new Map<string, Alert>();
  const resolves: Resolve[] = [];
  for (const alert of known) {
    const resolvedAt = alert.resolved_at === undefined ? undefined : Date.parse(alert.resolved_at);
    if (alert.state === 'RESOLVED' && resolvedAt !== undefined && resolvedAt >= from)
      resolves.push({ alert, at: resolvedAt });
    if (Date.parse(alert.created_at) >= from) continue;
    const group = JSON.stringify([alert.rule_id, alert.group_key]);
    const other = standing.get(group);
    if (!other || other.episode < alert.episode) standing.set(group, alert);
  }
  for (const alert of standing.values()) {
    const over =
      alert.state === 'RESOLVED' &&
      alert.resolved_at !== undefined &&
      Date.parse(alert.resolved_at) < from;
    const { resolved_at, resolved_by: _by, ...open } = alert;
    const row: Alert = {
      ...open,
      tenant,
      ...(over && { resolved_at }),
      state: over ? 'RESOLVED' : 'OPEN',
      count: 0,
      revision: 1,
    };
    const pointer: AlertPointer = {
      tenant,
      rule_id: alert.rule_id,
      group_key: alert.group_key,
      alert_id: alert.alert_id,
      episode: alert.episode,
      state: over ? 'RESOLVED' : 'OPEN',
      ...(over && { resolved_at: resolved_at! }),
      revision: 1,
    };
    await stores.work.commit({
      changes: [
        { kind: 'alert', row, expected: 0 },
        { kind: 'pointer', row: pointer, expected: 0 },
      ],
      journal: [],
      outbox: [],
    });
  }
  return resolves.sort((a, b) => a.at - b.at);
}
