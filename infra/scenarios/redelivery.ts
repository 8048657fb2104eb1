import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import { seededChance } from '#infra/simulator/random.ts';
import type { StreamRecord } from '#shared/detection/read-records.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';
import { createDetectHarness } from '#shared/testing/detect-harness.ts';

import { makeRecords, REDELIVERY_RULES } from './redelivery-events.ts';

const RECORDS_PER_BATCH = 120;
const MINUTE_MS = 60_000;
/** Of the batches of a run with faults, so many are refused somewhere in their commits. */
const REFUSED_RATIO = 0.1;

/** How a run delivers: each batch once; each three times and more, whole, in parts and among others; or with commits refused. */
export type Manner = 'clean' | 'redelivered' | 'refused';

/** Everything a run leaves behind. Rows by table and key, as the store has them. */
export interface RedeliveryRun {
  tables: Record<string, Map<string, unknown>>;
  /** Series by rule, and of all of them the bytes of state and their digest. */
  series: Record<string, number>;
  state_bytes: number;
  state_digest: string;
  /** Alerts by rule. */
  alerts: Record<string, number>;
  counted: number;
  deliveries_of_batches: number;
  duplicates: number;
}

/** Records of one shard, as Lambda hands them over. */
type Batch = readonly StreamRecord[];

/**
 * Runs the detect verb over the seeded events with a rule of every kind, in memory, and the sweeper every
 * minute of their time. `wrap` may take guards out of the store.
 */
export async function runRedelivery(
  options: { events: number; seed: number; manner: Manner },
  wrap: (work: WorkStore) => WorkStore = (work) => work,
): Promise<RedeliveryRun> {
  const { events, seed, manner } = options;
  const harness = createDetectHarness(REDELIVERY_RULES);
  const store = wrap(harness.work);
  const chance = seededChance(seed + 1).next;
  const batches = batchesOf(makeRecords(events, seed));
  const totals = { deliveries: 0, duplicates: 0 };
  const deliver = async (batch: Batch, work: WorkStore = store) => {
    const report = await harness.deliver(batch, work);
    totals.deliveries++;
    totals.duplicates += report.duplicates;
    return report.uncommitted;
  };
  harness.clock.now = batches[0]!.at(-1)!.arrived_at_ms;
  for (const [nth, batch] of batches.entries()) {
    const arrived = batch.at(-1)!.arrived_at_ms;
    while (harness.clock.now + MINUTE_MS <= arrived) {
      harness.clock.now += MINUTE_MS;
      await harness.sweep();
    }
    if (manner === 'refused' && chance() < REFUSED_RATIO)
      await deliver(batch, refusing(store, 1 + Math.floor(chance() * 12), chance() < 0.5));
    await deliver(batch);
    if (manner !== 'redelivered') continue;
    const before = (back: number) => batches.slice(0, nth).filter(sameShard(batch)).at(-back) ?? [];
    await deliver(batch);
    await deliver(batch.slice(Math.floor(chance() * batch.length)));
    // A batch cut anew after a failure: the end of the one before, and the beginning of this one.
    await deliver([...before(1).slice(-40), ...batch.slice(0, 40)]);
    for (const former of [before(1), before(3)]) if (former.length > 0) await deliver(former);
  }
  for (let minute = 0; minute < 15; minute++) {
    harness.clock.now += MINUTE_MS;
    await harness.sweep();
  }
  return resultOf(harness, totals);
}

function sameShard([first]: Batch): (other: Batch) => boolean {
  return ([record]) => record!.shard === first!.shard;
}

/** Batches of one shard each, in the order of their last records. */
function batchesOf(records: readonly StreamRecord[]): Batch[] {
  const batches: Batch[] = [];
  for (const own of Map.groupBy(records, ({ shard }) => shard).values())
    for (let from = 0; from < own.length; from += RECORDS_PER_BATCH)
      batches.push(own.slice(from, from + RECORDS_PER_BATCH));
  return batches.sort((a, b) => a.at(-1)!.arrived_at_ms - b.at(-1)!.arrived_at_ms);
}

/** Refuses the k-th commit and all after it, as a throttled table does; with `kept` the k-th was written all the same. */
function refusing(work: WorkStore, k: number, kept: boolean): WorkStore {
  let commits = 0;
  return {
    ...work,
    async commit(commit) {
      const nth = ++commits;
      if (nth < k || (nth === k && kept)) await work.commit(commit);
      if (nth >= k) throw new SentryError('unavailable', 'refused');
    },
  };
}

function resultOf(
  { tables }: ReturnType<typeof createDetectHarness>,
  totals: { deliveries: number; duplicates: number },
): RedeliveryRun {
  const { touches: _shown, ...kept } = tables;
  const series = [...tables.series.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  const digest = createHash('sha256');
  for (const [key, { row }] of series) digest.update(key).update(row.state);
  const alerts = [...tables.alerts.values()].map(({ row }) => row);
  return {
    tables: kept,
    series: countBy(series.map(([, { row }]) => row.rule_id)),
    state_bytes: series.reduce((sum, [, { row }]) => sum + row.state.length, 0),
    state_digest: digest.digest('hex').slice(0, 16),
    alerts: countBy(alerts.map(({ rule_id }) => rule_id)),
    counted: alerts.reduce((sum, { count }) => sum + count, 0),
    deliveries_of_batches: totals.deliveries,
    duplicates: totals.duplicates,
  };
}

function countBy(names: readonly string[]): Record<string, number> {
  const groups = Map.groupBy(names, (name) => name);
  return Object.fromEntries([...groups].map(([name, { length }]) => [name, length]));
}

/** Every row that is not the same in both runs, byte by byte: state, seen ids, counts, evidence, revisions. */
export function compareRuns(clean: RedeliveryRun, other: RedeliveryRun): string[] {
  const wrong: string[] = [];
  for (const [name, rows] of Object.entries(clean.tables)) {
    const others = other.tables[name]!;
    for (const key of new Set([...rows.keys(), ...others.keys()]))
      if (!isDeepStrictEqual(rows.get(key), others.get(key))) wrong.push(`${name} ${key}`);
  }
  return wrong;
}
