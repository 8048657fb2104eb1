import { countObjects, HOUR_MS, readArchive } from '#shared/archive/read-archive.ts';
import type { Clock } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { BacktestCall, BacktestQueue } from '#shared/ports/backtest-queue.ts';
import type { BacktestStore } from '#shared/ports/backtest-store.ts';
import type { EventArchive } from '#shared/ports/event-archive.ts';
import type { ReplayStores } from '#shared/ports/replay-stores.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';
import { bindLookups, type LookupReader, readTables } from '#shared/rule/bind-lookups.ts';

import { JobLife, Stopped } from './job-life.ts';
import { openOverlap, readLiveAlerts } from './overlap.ts';
import { openReplay } from './replay.ts';
import { warmUpMs } from './warm-up.ts';
import type { Backtest, BacktestResult } from './schema.ts';
import { isActive } from './start.ts';
import { openTally } from './tally.ts';

/** Looked at again after this when another job of the tenant runs. */
const WAIT_SECONDS = 10;
/** What memory has room for; a run that outgrows it ends there and says so. */
const ALERTS_MAX = 10_000;
const SERIES_MAX = 50_000;

export interface RunPorts {
  backtests: BacktestStore;
  queue: BacktestQueue;
  archive: EventArchive;
  rules: Pick<RuleStore, 'list'>;
  /** The tables that rules name, as they stand now. */
  lookups: LookupReader;
  /** The live alerts: to compare with, never written. */
  work: Pick<WorkStore, 'listAlerts'>;
  openStores(now: () => number): ReplayStores;
}

/** What became of a call. */
export type RunOutcome = 'done' | 'failed' | 'cancelled' | 'waiting' | 'nothing to do';

/**
 * Runs a job from QUEUED to its end, one job per tenant at a time; another is called again later. A job
 * whose former run died is marked FAILED, never run twice. What goes wrong inside makes it FAILED with
 * the reason; throws only when not even that could be written, so that the call comes again.
 */
export async function runBacktest(
  ports: RunPorts,
  clock: Clock,
  call: BacktestCall,
  limits: { run_ms: number },
): Promise<RunOutcome> {
  const job = await ports.backtests.get(call.tenant, call.backtest_id);
  if (!job || !isActive(job)) return 'nothing to do';
  const life = new JobLife(ports.backtests, clock, job);
  if (job.state === 'RUNNING') {
    if (Date.parse(job.lease_until ?? job.created_at) > clock.now()) return 'nothing to do';
    await life.end('FAILED', { error: 'The run stopped without a word; start it again.' });
    return 'failed';
  }
  if (!(await life.takePlace())) {
    await ports.queue.call(call, WAIT_SECONDS);
    return 'waiting';
  }
  try {
    return await runInPlace(ports, job, life, limits.run_ms);
  } catch (error) {
    if (error instanceof Stopped) return 'cancelled';
    throw error;
  } finally {
    await life.leavePlace();
  }
}

async function runInPlace(
  ports: RunPorts,
  job: Backtest,
  life: JobLife,
  runMs: number,
): Promise<RunOutcome> {
  await life.begin();
  try {
    await life.end('DONE', { result: await replayJob(ports, job, life, runMs) });
    return 'done';
  } catch (error) {
    if (error instanceof Stopped) throw error;
    await life.end('FAILED', { error: reasonOf(error) });
    return 'failed';
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof SentryError) return error.message;
  return `A fault of ours: ${String(error).slice(0, 300)}`;
}

async function replayJob(
  ports: RunPorts,
  job: Backtest,
  life: JobLife,
  runMs: number,
): Promise<BacktestResult> {
  const { tenant, kind } = job;
  const span = { tenant, from: Date.parse(job.from), to: Date.parse(job.to) };
  const all = await ports.rules.list(tenant);
  const asked = kind === 'live' ? [] : await ports.backtests.rules(tenant, job.backtest_id);
  const enabled = all.filter(({ state }) => state === 'ENABLED' || state === 'STAGED');
  const tables = await readTables(ports.lookups, tenant, [...enabled, ...asked]);
  const live = enabled.map((rule) => bindLookups(rule, tables));
  const rules = kind === 'live' ? live : asked.map((rule) => bindLookups(rule, tables));
  const ruleIds = new Set(rules.map(({ rule_id }) => rule_id));
  const liveAlerts = (await readLiveAlerts(ports.work, tenant)).filter(
    ({ created_at }) => Date.parse(created_at) < span.to,
  );
  const known = kind === 'draft' ? [] : liveAlerts.filter(({ rule_id }) => ruleIds.has(rule_id));
  const overlap = openOverlap(live, liveAlerts);
  const tally = openTally(span.from, span.to);
  const warmFrom = span.from - warmUpMs(rules);
  const time = { now: warmFrom };
  const stores = ports.openStores(() => time.now);
  const replay = openReplay({
    tenant,
    rules,
    clock: time,
    stores,
    known,
    watch(event, matches) {
      tally.example(event, matches);
      overlap.see(event);
    },
  });
  const [broken] = replay.broken;
  if (broken && kind !== 'live')
    throw new SentryError('invalid_input', `The rule cannot run: ${broken.error.message}`);
  const found = () =>
    stores.alerts().filter(({ count, rule_id }) => count > 0 && ruleIds.has(rule_id));

  const objects = { read: 0, total: 0 };
  const progress = (alerts: number) => ({
    objects_read: objects.read,
    objects_total: objects.total,
    events: replay.counts.events,
    matches: replay.counts.matches,
    alerts,
  });
  const beat = () => life.beat(progress(stores.alertCount()));
  const limit = (): NonNullable<BacktestResult['truncated']>['reason'] | undefined => {
    if (replay.counts.events >= job.max_events) return 'max_events';
    if (life.elapsedMs > runMs) return 'time';
    if (stores.alertCount() > ALERTS_MAX) return 'alerts';
    return stores.seriesCount() > SERIES_MAX ? 'series' : undefined;
  };

  const read = { ...span, from: warmFrom };
  objects.total = await countObjects(ports.archive, read, beat);
  let truncated: BacktestResult['truncated'];
  let hour = 0;
  let isBegun = false;
  const begin = async () => {
    if (!isBegun) await replay.begin(span.from);
    isBegun = true;
  };
  const listener = { read: () => void objects.read++, faulty: tally.faulty };
  for await (const batch of readArchive(ports.archive, read, listener)) {
    await beat();
    const [first] = batch;
    if (!first) continue;
    const reason = limit();
    if (reason) {
      truncated = {
        reason,
        until: new Date(Math.max(first.arrived_at_ms, span.from)).toISOString(),
      };
      break;
    }
    const inPeriod = batch.findIndex(({ arrived_at_ms }) => arrived_at_ms >= span.from);
    if (inPeriod !== 0) await replay.take(inPeriod < 0 ? batch : batch.slice(0, inPeriod));
    if (inPeriod >= 0) {
      await begin();
      const before = replay.counts.matches;
      await replay.take(batch.slice(inPeriod));
      tally.matched(batch[inPeriod]!.arrived_at_ms, replay.counts.matches - before);
    }
    const now = Math.floor(time.now / HOUR_MS);
    if (now > hour) stores.tidy();
    hour = now;
  }
  await begin();
  if (!truncated) await replay.finish(span.to);
  const alerts = found();
  await life.beat(progress(alerts.length), true);
  return tally.result({
    counts: replay.counts,
    alerts,
    overlap: overlap.result(),
    runSeconds: life.elapsedMs / 1000,
    ...(truncated && { truncated }),
  });
}
