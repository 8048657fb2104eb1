import { relayCanaries, separateCanaries } from '#shared/canary/relay-canaries.ts';
import type { Context } from '#shared/kernel/context.ts';
import { createTurns } from '#shared/incident/take-turns.ts';
import type { FeedSink } from '#shared/ports/feed-sink.ts';
import type { QuarantineStore } from '#shared/ports/quarantine-store.ts';
import type { RuleActivityStore } from '#shared/ports/rule-activity-store.ts';
import { rememberRules } from '#shared/response/remember-rules.ts';
import { hold } from '#shared/quarantine/hold.ts';
import type { RuleSet } from '#shared/rule/compile-rule-set.ts';

import { collectSeries, type FaultedEvents, type SeriesWork } from './collect-series.ts';
import { commitQuiet } from './commit-quiet.ts';
import {
  chunksOf,
  type CommitPorts,
  commitSeries,
  type SeriesOutcome,
  type SeriesRows,
} from './commit-series.ts';
import { feedFrame } from './feed-frame.ts';
import type { MatchTally } from './match-tally.ts';
import { type ChunkedWork, prefetchSeries } from './prefetch-series.ts';
import { countSeries, placesByTenant, refuseSeries, type SeriesReport } from './refuse-series.ts';
import { readRecords, type StreamEvent, type StreamRecord, type Tenancy } from './read-records.ts';
import { reportBroken } from './report-broken.ts';
import { forgiveRule, reportRuleFaults, type RuleFaultPorts } from './rule-fault.ts';
import type { SeriesCap } from './series-cap.ts';
import { compareSequence } from '#shared/event/sequence.ts';

/** Commits under way at once. */
const CONCURRENCY = 8;

export interface BatchPorts extends CommitPorts, RuleFaultPorts {
  quarantine: QuarantineStore;
  feed: FeedSink;
  /** Where matches are counted for people to see; absent where nothing is live. */
  activity?: RuleActivityStore;
  /** How many series a tenant may have; absent where nothing is live. */
  series_cap?: SeriesCap;
  /** The rules in force; throws `unavailable` when they cannot be read. */
  ruleSet(tenant: string): Promise<RuleSet>;
  /** Told of what went wrong without stopping the batch. */
  warn(this: void, what: string, detail: Record<string, unknown>): void;
}

/** The acting system and the clock; the tenant of each event is its record's. */
export type BatchContext = Omit<Context, 'tenant'>;

/** What became of a batch. */
export interface BatchReport extends SeriesReport {
  /** Lowest sequence number that is to come again; absent when all is done. */
  uncommitted?: string;
  events: number;
  refused: number;
  matches: number;
  folded: number;
  duplicates: number;
  rule_faults: number;
  opened: number;
  reopened: number;
  counted: number;
}

/**
 * Detects one batch of one stream: decodes, quarantines what cannot be read, matches, folds and commits
 * each (rule, series) once. Deterministic faults never stop it; a store that does not take something
 * makes `uncommitted` the lowest sequence number affected, and whatever was committed beyond it is
 * recognised when it comes again. Throws what rules or rows could not be read with; then nothing is done.
 */
export async function processBatch(
  ports: BatchPorts,
  ctx: BatchContext,
  records: readonly StreamRecord[],
  tenancy: Tenancy,
): Promise<BatchReport> {
  const { events: all, refused } = readRecords(records, tenancy);
  const { canaries, others: events } = separateCanaries(all);
  const rules = await loadRules(ports, events);
  const collected = collectSeries(events, rules);
  const report: BatchReport = {
    events: events.length,
    refused: refused.length,
    matches: collected.matches,
    folded: 0,
    duplicates: 0,
    rule_faults: 0,
    opened: 0,
    reopened: 0,
    counted: 0,
    series_refused: 0,
  };
  const faults: FaultedEvents[] = [...collected.faults];
  const chunked = collected.work.map((work) => ({ work, chunks: chunksOf(work) }));
  const response = rememberRules((tenant) => ports.response(tenant), ctx);
  const outcomes = await commitAll(
    { ...ports, response, turns: ports.turns ?? createTurns() },
    ctx,
    chunked,
  );
  const surplus: SeriesWork[] = [];
  for (const { work, outcome } of outcomes) {
    if (outcome.kind === 'uncommitted') markUncommitted(report, outcome.sequence);
    else if (outcome.kind === 'committed') {
      addOutcome(report, outcome);
      forgiveRule(ports.fault_counts, work.tenant, work.compiled.rule.rule_id);
    } else if (outcome.kind === 'refused') surplus.push(work);
    else faults.push(faultOf(work, outcome.detail, events));
  }
  report.rule_faults = faults.length;
  await holdBack(report, refused, ports, () => hold(refused, ctx, ports.quarantine));
  const suspects = faults.flatMap((fault) => fault.events.map(({ record }) => record));
  await holdBack(report, suspects, ports, () => reportRuleFaults(ports, ctx, faults, response));
  await tellBroken({ ...ports, response }, ctx, rules, events);
  const through = doneOf(canaries, report.uncommitted);
  const carriers = through.map(({ record }) => record);
  await holdBack(report, carriers, ports, () => relayCanaries(ctx, ports.work, through));
  await countSeries({ ...ports, response }, ctx, events, surplus, report);
  await Promise.all([
    showFeed(ports, ctx, events, collected.tally, report),
    keepTally(ports, collected.tally, report),
  ]);
  return report;
}

/** Runs what keeps refused things; while that fails, their records are to come again. */
async function holdBack(
  report: BatchReport,
  origins: readonly { sequence?: string }[],
  ports: BatchPorts,
  keep: () => Promise<void>,
): Promise<void> {
  if (origins.length === 0) return;
  try {
    await keep();
  } catch (error) {
    ports.warn('refused input not kept', { error: String(error) });
    for (const { sequence } of origins)
      if (sequence !== undefined) markUncommitted(report, sequence);
  }
}

/** Rules that watch nothing keep no event: while it cannot be told, the next batch tells it. */
async function tellBroken(
  ports: BatchPorts,
  ctx: BatchContext,
  rules: ReadonlyMap<string, RuleSet>,
  events: readonly StreamEvent[],
): Promise<void> {
  try {
    await reportBroken(ports, ctx, rules, events);
  } catch (error) {
    ports.warn('broken rules not told', { error: String(error) });
  }
}

function markUncommitted(report: BatchReport, sequence: string): void {
  if (report.uncommitted === undefined || compareSequence(sequence, report.uncommitted) < 0)
    report.uncommitted = sequence;
}

function addOutcome(
  report: BatchReport,
  outcome: Extract<SeriesOutcome, { kind: 'committed' }>,
): void {
  report.folded += outcome.folded;
  report.duplicates += outcome.duplicates;
  for (const { kind } of outcome.raised)
    if (kind === 'counted') report.counted++;
    else if (kind === 'reopened') report.reopened++;
    else report.opened++;
}

async function loadRules(
  ports: BatchPorts,
  events: readonly StreamEvent[],
): Promise<Map<string, RuleSet>> {
  const tenants = [...new Set(events.map(({ tenant }) => tenant))];
  const sets = await Promise.all(tenants.map((tenant) => ports.ruleSet(tenant)));
  return new Map(tenants.map((tenant, at) => [tenant, sets[at]!]));
}

/** Commits in order of the first record, several at once; stops taking new work at the first refusal. */
async function commitAll(
  ports: BatchPorts,
  ctx: BatchContext,
  chunked: readonly ChunkedWork[],
): Promise<{ work: ChunkedWork['work']; outcome: SeriesOutcome }[]> {
  const rows: (SeriesRows | undefined)[] = await prefetchAll(ports, chunked);
  const refused = await refuseSeries(ports.series_cap, chunked, rows);
  for (const at of refused) rows[at] = undefined;
  const quiet = await commitQuiet(ports, ctx, chunked, rows);
  const outcomes: { work: ChunkedWork['work']; outcome: SeriesOutcome }[] = [];
  let next = 0;
  let stopped: unknown;
  const lane = async () => {
    while (next < chunked.length) {
      const at = next++;
      const { work, chunks } = chunked[at]!;
      const { sequence } = work.points[0]!;
      const outcome: SeriesOutcome =
        quiet.get(at) ??
        (refused.has(at) ? { kind: 'refused' } : undefined) ??
        (stopped === undefined
          ? await commitSeries(ports, { ...ctx, tenant: work.tenant }, work, chunks, rows[at])
          : { kind: 'uncommitted', sequence, error: stopped });
      if (outcome.kind === 'uncommitted' && stopped === undefined) {
        stopped = outcome.error;
        ports.warn('series not committed', { sequence, error: String(outcome.error) });
      }
      outcomes.push({ work, outcome });
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
  return outcomes;
}

async function prefetchAll(ports: CommitPorts, chunked: readonly ChunkedWork[]) {
  const rows: Awaited<ReturnType<typeof prefetchSeries>> = [];
  await Promise.all(
    [...placesByTenant(chunked)].map(async ([tenant, places]) => {
      const some = await prefetchSeries(
        ports.work,
        tenant,
        places.map((at) => chunked[at]!),
      );
      for (const [index, at] of places.entries()) rows[at] = some[index]!;
    }),
  );
  return rows;
}

function faultOf(
  work: ChunkedWork['work'],
  detail: string,
  events: readonly StreamEvent[],
): FaultedEvents {
  const { tenant, compiled } = work;
  const hit = new Set(work.points.map(({ event }) => event));
  return {
    tenant,
    rule_id: compiled.rule.rule_id,
    detail,
    events: events.filter(({ event }) => hit.has(event)),
  };
}

/** Counts for the list of rules. Not worth a batch: what is lost here is a number, not an alert. */
async function keepTally(ports: BatchPorts, tally: MatchTally, report: BatchReport): Promise<void> {
  if (!ports.activity) return;
  try {
    await tally.save(ports.activity, report.uncommitted);
  } catch (error) {
    ports.warn('matches not counted', { error: String(error) });
  }
}

/** The events before the first that is to come again. */
function doneOf(events: readonly StreamEvent[], uncommitted: string | undefined): StreamEvent[] {
  return events.filter(
    ({ record }) => uncommitted === undefined || compareSequence(record.sequence, uncommitted) < 0,
  );
}

/** Shows what is done for good; the rest is shown when it comes again. The feed may lose frames. */
async function showFeed(
  ports: BatchPorts,
  ctx: BatchContext,
  events: readonly StreamEvent[],
  tally: MatchTally,
  report: BatchReport,
): Promise<void> {
  const { uncommitted } = report;
  const done = doneOf(events, uncommitted);
  const at = new Date(ctx.now()).toISOString();
  for (const [tenant, own] of Map.groupBy(done, (origin) => origin.tenant)) {
    const { shard, sequence } = own.at(-1)!.record;
    try {
      await ports.feed.put(
        tenant,
        shard,
        sequence,
        feedFrame(own, at, tally.countOf(tenant, uncommitted)),
      );
    } catch (error) {
      ports.warn('feed frame lost', { error: String(error) });
    }
  }
}
