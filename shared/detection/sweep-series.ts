import { decideRaise, readRaiseRows } from '#shared/alert/raise.ts';
import { decideRecovery, readStanding } from '#shared/alert/recover.ts';
import { DUE_SHARDS } from '#shared/kernel/due-shard.ts';
import { follow } from '#shared/incident/follow.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { LaneStore } from '#shared/ports/lane-store.ts';
import type { Commit, DueSeries, WorkStore } from '#shared/ports/work-store.ts';
import { rememberRules } from '#shared/response/remember-rules.ts';
import type { RuleSet } from '#shared/rule/compile-rule-set.ts';

import type { CommitPorts } from './commit-series.ts';
import { elapseSeries, type Elapsed } from './elapse-series.ts';
import { horizonOf } from './note-lane.ts';
import type { Series } from './series.ts';

/** Series of one shard judged in one sweep; the rest is the next sweep's, soonest due first. */
const SERIES_MAX = 1_000;
/** A sweep takes up no further series after this long: the function that runs it ends after a minute. */
const SWEEP_MS = 40_000;
/** Shards looked at at the same time, and series of a shard. */
const SHARDS_AT_ONCE = 4;
const SERIES_AT_ONCE = 8;
/** How often a lost race is read and judged again. */
const ATTEMPTS_MAX = 5;

export interface SweepSeriesPorts extends CommitPorts {
  work: WorkStore;
  lanes: Pick<LaneStore, 'list'>;
  /** The rules in force; throws `unavailable` when they cannot be read. */
  ruleSet(tenant: string): Promise<RuleSet>;
}

/** What one sweep did, in series. */
export interface SeriesSweep {
  due: number;
  found: number;
  errors: string[];
}

/**
 * Judges every series that is due though no event came, of all tenants: state, due time and alert in one
 * commit that asks for the revision read, so a sweep that races the detector or another sweep loses
 * cleanly and looks again. Every shard is tried; then throws `unavailable` when something failed.
 */
export async function sweepSeries(ctx: Context, given: SweepSeriesPorts): Promise<SeriesSweep> {
  const ports = { ...given, response: rememberRules((tenant) => given.response(tenant), ctx) };
  const until = ctx.now() + SWEEP_MS;
  const horizon = horizonOf(await ports.lanes.list(), ctx.now());
  const total: SeriesSweep = { due: 0, found: 0, errors: [] };
  // Each minute begins elsewhere, so that no shard is always the one there is no time left for.
  const first = Math.floor(ctx.now() / 60_000);
  for (let from = 0; from < DUE_SHARDS; from += SHARDS_AT_ONCE) {
    const shards = Array.from(
      { length: SHARDS_AT_ONCE },
      (_, index) => (first + from + index) % DUE_SHARDS,
    );
    await Promise.all(
      shards.map((shard) => sweepShard(ctx, ports, { shard, horizon, until }, total)),
    );
  }
  if (total.errors.length === 0) return total;
  throw new SentryError('unavailable', `${total.errors.length} series could not be judged.`, {
    cause: total.errors.slice(0, 5),
  });
}

async function sweepShard(
  ctx: Context,
  ports: SweepSeriesPorts,
  { shard, horizon, until }: { shard: number; horizon: number; until: number },
  total: SeriesSweep,
): Promise<void> {
  let due: DueSeries[] = [];
  try {
    due = await ports.work.listDueSeries(shard, new Date(horizon).toISOString(), SERIES_MAX);
  } catch (error) {
    total.errors.push(String(error));
  }
  total.due += due.length;
  let next = 0;
  const lane = async () => {
    while (next < due.length && ctx.now() < until) {
      const one = due[next++]!;
      try {
        if (await judge({ ...ctx, tenant: one.tenant }, ports, one, horizon)) total.found++;
      } catch (error) {
        total.errors.push(`${one.rule_id} of ${one.tenant}: ${String(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: SERIES_AT_ONCE }, lane));
}

/** True when something was found. The index may lag behind the row, so only the row decides. */
async function judge(
  ctx: Context,
  ports: SweepSeriesPorts,
  due: DueSeries,
  horizon: number,
): Promise<boolean> {
  const { rules, broken } = await ports.ruleSet(due.tenant);
  // A rule that does not compile today may tomorrow, with its series as they were.
  if (broken.some(({ rule_id }) => rule_id === due.rule_id)) return false;
  for (let attempt = 1; ; attempt++) {
    const [series] = await ports.work.getSeries(due.tenant, [due]);
    if (series === undefined) return false;
    const touchedAt = new Date(ctx.now()).toISOString();
    const elapsed = elapseSeries(rules.get(due.rule_id), series, horizon, touchedAt);
    if (elapsed === undefined) return false;
    try {
      await ports.work.commit(await commitOf(ctx, ports, series, elapsed));
      return elapsed.finding !== undefined;
    } catch (error) {
      const lost = error instanceof SentryError && error.code === 'conflict';
      if (!lost || attempt === ATTEMPTS_MAX) throw error;
    }
    await ports.pause(attempt);
  }
}

async function commitOf(
  ctx: Context,
  ports: SweepSeriesPorts,
  former: Series,
  { series, finding, recovered }: Elapsed,
): Promise<Commit> {
  const row = { kind: 'series', row: series, expected: former.revision } as const;
  if (finding === undefined && recovered === undefined)
    return { changes: [row], journal: [], outbox: [] };
  const group = { rule_id: series.rule_id, group_key: series.series_key };
  const [rows = {}] = await readRaiseRows(ports.work, ctx.tenant, [group]);
  const decided = finding
    ? decideRaise(rows, finding, await ports.response(ctx.tenant), ctx)
    : decideRecovery(await readStanding(ports.work, ctx.tenant, rows), recovered!, ctx);
  if (decided === undefined) return { changes: [row], journal: [], outbox: [] };
  const around = { work: ports.work, response: () => ports.response(ctx.tenant) };
  const { commit } = await follow(around, ctx, rows.alert, decided, 1);
  return {
    changes: [row, ...commit.changes],
    journal: commit.journal,
    outbox: commit.outbox,
  };
}
