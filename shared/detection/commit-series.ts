import type { Finding } from '#shared/alert/finding.ts';
import type { Alert } from '#shared/alert/schema.ts';
import { decideRaise, type Raised, type RaiseRows, readRaiseRows } from '#shared/alert/raise.ts';
import { decideRecovery, readStanding } from '#shared/alert/recover.ts';
import type { Decided } from '#shared/incident/decided.ts';
import { follow, type IncidentGuesses } from '#shared/incident/follow.ts';
import type { Turns } from '#shared/incident/take-turns.ts';
import { turnOf } from '#shared/incident/turn.ts';
import { NO_RESPONSE, type ResponseRules } from '#shared/response/rules.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { Change, WorkStore } from '#shared/ports/work-store.ts';
import { explainFinding } from '#shared/rule/explain-match.ts';
import { renderTitle } from '#shared/rule/render-title.ts';

import { chunkPoints, type PointChunk } from './chunk-points.ts';
import type { SeriesWork } from './collect-series.ts';
import { type Fold, foldSeries } from './fold.ts';
import { bucketOf } from './seen-ids.ts';
import type { SeenBucket, Series } from './series.ts';

/** Seen buckets in one commit; the other 60 of its 100 rows are the alert's and its deliveries'. */
const BUCKETS_MAX = 40;
/** How often a lost race is read and folded again. */
const ATTEMPTS_MAX = 8;

/** What is stored for one series and its group. */
export interface SeriesRows {
  series: Series | undefined;
  seen: readonly SeenBucket[];
  raise: RaiseRows;
}

export interface CommitPorts {
  work: WorkStore;
  /** The response in force; asked only when an alert opens. */
  response(tenant: string): Promise<ResponseRules>;
  /** Waits a little, at random, before try number `attempt`. */
  pause(attempt: number): Promise<void>;
  /** Keeps the alerts of one service from racing each other for its incident. */
  turns?: Turns;
  guesses?: IncidentGuesses;
}

/** How far one series came. */
export type SeriesOutcome =
  | { kind: 'committed'; raised: Raised[]; folded: number; duplicates: number }
  /** Its tenant has too many series for a new one: its points were not folded. */
  | { kind: 'refused' }
  /** The rule threw on these points; they were not folded. */
  | { kind: 'rule_fault'; detail: string; points: SeriesWork['points'] }
  /** The store did not take it: everything from `sequence` on is to come again. */
  | { kind: 'uncommitted'; sequence: string; error: unknown };

/** The buckets that a chunk's events fall into. */
export function bucketsOf(points: PointChunk['points']): number[] {
  return [...new Set(points.map(({ point }) => bucketOf(point.stated_at)))];
}

/**
 * Folds a series' points and writes detector state, seen ids and alert in one transaction per chunk,
 * so that counts, state and alert never disagree. A lost race is read and folded again, up to eight
 * times; whatever else the store throws leaves the rest uncommitted.
 */
export async function commitSeries(
  ports: CommitPorts,
  ctx: Context,
  work: SeriesWork,
  chunks: readonly PointChunk[],
  prefetched: SeriesRows | undefined,
): Promise<SeriesOutcome> {
  const done = { kind: 'committed' as const, raised: [] as Raised[], folded: 0, duplicates: 0 };
  let rows = prefetched;
  for (const chunk of chunks) {
    try {
      const result = await commitChunk(ports, ctx, work, chunk, rows);
      if (result.kind === 'rule_fault') return result;
      if (result.raised) done.raised.push(result.raised);
      done.folded += result.fold.folded;
      done.duplicates += result.fold.duplicates;
    } catch (error) {
      return { kind: 'uncommitted', sequence: chunk.points[0]!.sequence, error };
    }
    rows = undefined;
  }
  return done;
}

/** The chunks of a series' points, each small enough for one commit. */
export function chunksOf(work: SeriesWork): PointChunk[] {
  return chunkPoints(work.points, BUCKETS_MAX);
}

type ChunkResult =
  { kind: 'folded'; fold: Fold; raised?: Raised } | Extract<SeriesOutcome, { kind: 'rule_fault' }>;

async function commitChunk(
  ports: CommitPorts,
  ctx: Context,
  work: SeriesWork,
  chunk: PointChunk,
  prefetched: SeriesRows | undefined,
): Promise<ChunkResult> {
  let rows = prefetched;
  for (let attempt = 1; ; attempt++) {
    rows ??= await readSeriesRows(ports.work, work, chunk);
    const known = rows.raise.alert;
    const told = known && known.state !== 'RESOLVED' && known.suppressed_by.length === 0;
    const now = new Date(ctx.now()).toISOString();
    const folded = guard(work, () => foldChunk(work, chunk, rows!, now));
    if (folded.kind === 'rule_fault') return folded;
    const fold = folded.value;
    const mayTell = fold.occurrences > 0 && !told;
    const response = mayTell ? await ports.response(work.tenant) : NO_RESPONSE;
    const decided = guard(work, () => raiseFold(ctx, work, rows!, fold, response));
    if (decided.kind === 'rule_fault') return decided;
    const raised = decided.value;
    const settled =
      raised ??
      (fold.recovered === undefined
        ? undefined
        : decideRecovery(
            await readStanding(ports.work, work.tenant, rows.raise),
            fold.recovered,
            ctx,
          ));
    if (!fold.series) return { kind: 'folded', fold };
    try {
      await commitDecided(ports, ctx, known, settled, seriesChanges(rows, fold));
      return { kind: 'folded', fold, ...(raised && { raised }) };
    } catch (error) {
      const code = error instanceof SentryError ? error.code : undefined;
      if (code === 'invalid_input')
        return { kind: 'rule_fault', detail: String(error), points: work.points };
      if (code !== 'conflict' || attempt === ATTEMPTS_MAX) throw error;
    }
    rows = undefined;
    await ports.pause(attempt);
  }
}

/** Writes detector rows and what was decided about the alert, with what that does to its incident. */
async function commitDecided(
  ports: CommitPorts,
  ctx: Context,
  former: Alert | undefined,
  decided: Decided | undefined,
  own: readonly Change[],
): Promise<void> {
  if (decided === undefined) return ports.work.commit({ changes: own, journal: [], outbox: [] });
  const { tenant } = ctx;
  const write = async () => {
    const around = { ...ports, response: () => ports.response(tenant) };
    const { commit } = await follow(around, ctx, former, decided, own.length);
    await ports.work.commit({ ...commit, changes: [...own, ...commit.changes] });
  };
  const { turns } = ports;
  if (!turns) return write();
  const { service, alert_group_id: group } = decided.alert;
  const inGroup = () =>
    group === undefined || group === former?.alert_group_id
      ? write()
      : turns.take(JSON.stringify([tenant, 'group', group]), write);
  if (turnOf(former, decided.alert) === undefined) return inGroup();
  return turns.take(JSON.stringify([tenant, service]), inGroup);
}

/** Nothing in here does I/O: what it throws is the rule's or our fault and would be thrown again. */
function guard<Value>(
  work: SeriesWork,
  decide: () => Value,
): { kind: 'decided'; value: Value } | Extract<SeriesOutcome, { kind: 'rule_fault' }> {
  try {
    return { kind: 'decided', value: decide() };
  } catch (error) {
    return { kind: 'rule_fault', detail: String(error), points: work.points };
  }
}

function foldChunk(
  work: SeriesWork,
  chunk: PointChunk,
  rows: SeriesRows,
  touched_at: string,
): Fold {
  return foldSeries({
    tenant: work.tenant,
    series_key: work.series_key,
    group: work.group,
    rule: work.compiled,
    series: rows.series,
    seen: rows.seen,
    shard: work.shard,
    points: chunk.points,
    fence: chunk.fence,
    touched_at,
  });
}

/** The fold and its rows when nothing was found or is over, so that no alert is concerned; undefined else, or on a fault. */
export function foldQuietly(
  work: SeriesWork,
  chunk: PointChunk,
  rows: SeriesRows,
  touchedAt: string,
): { fold: Fold; changes: Change[] } | undefined {
  const folded = guard(work, () => foldChunk(work, chunk, rows, touchedAt));
  if (folded.kind === 'rule_fault') return undefined;
  if (folded.value.occurrences > 0 || folded.value.recovered !== undefined) return undefined;
  return { fold: folded.value, changes: seriesChanges(rows, folded.value) };
}

function raiseFold(
  ctx: Context,
  work: SeriesWork,
  rows: SeriesRows,
  fold: Fold,
  response: ResponseRules,
): Raised | undefined {
  if (fold.occurrences === 0 || !fold.explain) return undefined;
  const { rule } = work.compiled;
  const events = [
    ...new Map(
      [...fold.firstEvents, ...fold.lastEvents].map((event) => [event.event_id, event]),
    ).values(),
  ];
  const finding: Finding = {
    rule,
    group_key: work.series_key,
    group: work.group,
    title: renderTitle(rule.title, events[0]!),
    occurrences: fold.occurrences,
    explain: explainFinding(work.compiled, events.at(-1)!, fold.explain),
    events,
    ...(fold.since !== undefined && { since: new Date(fold.since).toISOString() }),
    approximate: fold.approximate,
    ...(fold.warming && { warming: true }),
  };
  return decideRaise(rows.raise, finding, response, ctx);
}

function seriesChanges(rows: SeriesRows, fold: Fold): Change[] {
  const changes: Change[] = [];
  if (fold.series)
    changes.push({ kind: 'series', row: fold.series, expected: rows.series?.revision ?? 0 });
  for (const row of fold.seen) changes.push({ kind: 'seen', row, expected: row.revision - 1 });
  return changes;
}

async function readSeriesRows(
  store: WorkStore,
  work: SeriesWork,
  chunk: PointChunk,
): Promise<SeriesRows> {
  const key = { rule_id: work.compiled.rule.rule_id, series_key: work.series_key };
  const [[series], seen, [raise]] = await Promise.all([
    store.getSeries(work.tenant, [key]),
    store.getSeen(
      work.tenant,
      bucketsOf(chunk.points).map((bucket) => ({ ...key, bucket })),
    ),
    readRaiseRows(store, work.tenant, [{ rule_id: key.rule_id, group_key: work.series_key }]),
  ]);
  return { series, seen: seen.filter((row) => row !== undefined), raise: raise ?? {} };
}
