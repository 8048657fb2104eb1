import type { Alert } from '#shared/alert/schema.ts';
import { countObjects, HOUR_MS, readArchive } from '#shared/archive/read-archive.ts';
import type { StreamRecord } from '#shared/detection/read-records.ts';
import type { Clock } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { BacktestCall, BacktestQueue } from '#shared/ports/backtest-queue.ts';
import type { BacktestStore } from '#shared/ports/backtest-store.ts';
import type { EventArchive } from '#shared/ports/event-archive.ts';
import type { ReplayStores } from '#shared/ports/replay-stores.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';

import { openOverlap, readLiveAlerts } from './overlap.ts';
import { openReplay, type Replay } from './replay.ts';
import type { Backtest, BacktestProgress, BacktestResult } from './schema.ts';
import { isActive } from './start.ts';
import { openTally } from './tally.ts';

/** How often a run says how far it is, and so how soon it sees that it was cancelled. */
const BEAT_MS = 1_000;
/** A run that is silent for so long is dead. */
const LEASE_MS = 60_000;
/** The place is kept longer than the lease and renewed less often than the job. */
const PLACE_MS = 120_000;
const PLACE_BEAT_MS = 30_000;
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
  /** The live alerts: to compare with, never written. */
  work: Pick<WorkStore, 'listAlerts'>;
  openStores(now: () => number): ReplayStores;
}

/** What became of a call. */
export type RunOutcome = 'done' | 'failed' | 'cancelled' | 'waiting' | 'nothing to do';

/** Someone else changed the job: it was cancelled. */
class Stopped extends Error {}

/**
 * Runs a job from QUEUED to its end, one job per tenant at a time; another is called again later. A job
 * whose former run died is marked FAILED, never run twice. What goes wrong inside makes it FAILED with
 * the reason; throws only `unavailable` when not even that could be written, so that the call comes again.
 */
export async function runBacktest(
  ports: RunPorts,
  clock: Clock,
  call: BacktestCall,
  limits: { run_ms: number },
): Promise<RunOutcome> {
  const { tenant, backtest_id } = call;
  const stored = await ports.backtests.get(tenant, backtest_id);
  if (!stored || !isActive(stored)) return 'nothing to do';
  if (stored.state === 'RUNNING') return endDead(ports, clock, stored);
  if (!(await ports.backtests.takePlace(tenant, backtest_id, clock.now() + PLACE_MS))) {
    await ports.queue.call(call, WAIT_SECONDS);
    return 'waiting';
  }
  const run = new Run(ports, clock, stored, limits.run_ms);
  try {
    await run.begin();
    const result = await run.replay();
    await run.end('DONE', { result });
    return 'done';
  } catch (error) {
    if (error instanceof Stopped) return 'cancelled';
    try {
      await run.end('FAILED', { error: reasonOf(error) });
    } catch (late) {
      if (late instanceof Stopped) return 'cancelled';
      throw late;
    }
    return 'failed';
  } finally {
    await ports.backtests.leavePlace(tenant, backtest_id);
  }
}

async function endDead(ports: RunPorts, clock: Clock, job: Backtest): Promise<RunOutcome> {
  if (Date.parse(job.lease_until ?? job.created_at) > clock.now()) return 'nothing to do';
  await ports.backtests.save({
    ...job,
    state: 'FAILED',
    error: 'The run stopped without a word; start it again.',
    ended_at: new Date(clock.now()).toISOString(),
    revision: job.revision + 1,
  });
  return 'failed';
}

function reasonOf(error: unknown): string {
  if (error instanceof SentryError) return error.message;
  return `A fault of ours: ${String(error).slice(0, 300)}`;
}

class Run {
  readonly #ports: RunPorts;
  readonly #clock: Clock;
  readonly #runMs: number;
  #job: Backtest;
  #startedAt = 0;
  #beatAt = 0;
  #placeAt = 0;

  constructor(ports: RunPorts, clock: Clock, job: Backtest, runMs: number) {
    this.#ports = ports;
    this.#clock = clock;
    this.#job = job;
    this.#runMs = runMs;
  }

  async begin(): Promise<void> {
    this.#startedAt = this.#beatAt = this.#placeAt = this.#clock.now();
    await this.#save({
      state: 'RUNNING',
      started_at: iso(this.#startedAt),
      lease_until: iso(this.#startedAt + LEASE_MS),
    });
  }

  /** Throws `Stopped` when the job was cancelled meanwhile. */
  async end(
    state: 'DONE' | 'FAILED',
    { result, error }: { result?: BacktestResult; error?: string },
  ): Promise<void> {
    const ended_at = iso(this.#clock.now());
    await this.#save({ state, ended_at, ...(error !== undefined && { error }) }, result);
  }

  async replay(): Promise<BacktestResult> {
    const { archive, backtests, work } = this.#ports;
    const { tenant, backtest_id, kind, max_events } = this.#job;
    const span = { tenant, from: Date.parse(this.#job.from), to: Date.parse(this.#job.to) };
    const live = (await this.#ports.rules.list(tenant)).filter(isLive);
    const rules = kind === 'live' ? live : await backtests.rules(tenant, backtest_id);
    const liveAlerts = (await readLiveAlerts(work, tenant)).filter(
      ({ created_at }) => Date.parse(created_at) < span.to,
    );
    const known = kind === 'draft' ? [] : alertsOf(rules, liveAlerts);
    const overlap = openOverlap(live, liveAlerts);
    const tally = openTally(span.from, span.to);
    const time = { now: span.from };
    const stores = this.#ports.openStores(() => time.now);
    const replay = await openReplay({
      tenant,
      rules,
      clock: time,
      stores,
      known,
      from: span.from,
      watch(event, matches) {
        tally.example(event, matches);
        overlap.see(event);
      },
    });
    const [broken] = replay.broken;
    if (broken && kind !== 'live')
      throw new SentryError('invalid_input', `The rule cannot run: ${broken.error.message}`);

    const progress = { objects_read: 0, objects_total: 0 };
    const tell = () => this.#beat({ ...progress, ...replay.counts, alerts: stores.alertCount() });
    progress.objects_total = await countObjects(archive, span);
    await tell();
    const listener = {
      read: () => void progress.objects_read++,
      faulty: tally.faulty,
    };
    let truncated: BacktestResult['truncated'];
    let hour = 0;
    for await (const batch of readArchive(archive, span, listener)) {
      const reason = this.#limit(replay, stores, max_events);
      if (reason) {
        truncated = { reason, until: iso(batch[0]!.arrived_at_ms) };
        break;
      }
      await this.#take(replay, batch, tally);
      const now = Math.floor(time.now / HOUR_MS);
      if (now > hour) stores.tidy();
      hour = now;
      await tell();
    }
    const severities = new Map(rules.map(({ rule_id, severity }) => [rule_id, severity]));
    const alerts = stores
      .alerts()
      .filter(({ count, rule_id }) => count > 0 && severities.has(rule_id));
    const warming = alerts.filter((alert) => alert.severity !== severities.get(alert.rule_id));
    const runSeconds = (this.#clock.now() - this.#startedAt) / 1000;
    await this.#beat({ ...progress, ...replay.counts, alerts: alerts.length }, true);
    return tally.result({
      counts: replay.counts,
      alerts,
      overlap: overlap.result(),
      warming: warming.length,
      runSeconds,
      ...(truncated && { truncated }),
    });
  }

  async #take(
    replay: Replay,
    batch: readonly StreamRecord[],
    tally: ReturnType<typeof openTally>,
  ): Promise<void> {
    const before = replay.counts.matches;
    await replay.take(batch);
    tally.matched(batch[0]!.arrived_at_ms, replay.counts.matches - before);
  }

  #limit(
    { counts }: Replay,
    stores: ReplayStores,
    maxEvents: number,
  ): NonNullable<BacktestResult['truncated']>['reason'] | undefined {
    if (counts.events >= maxEvents) return 'max_events';
    if (this.#clock.now() - this.#startedAt > this.#runMs) return 'time';
    if (stores.alertCount() > ALERTS_MAX) return 'alerts';
    return stores.seriesCount() > SERIES_MAX ? 'series' : undefined;
  }

  /** Says how far the run is, at most once a second; throws `Stopped` when the job is no longer ours. */
  async #beat(progress: Omit<BacktestProgress, 'elapsed_seconds'>, always = false): Promise<void> {
    const now = this.#clock.now();
    if (!always && now - this.#beatAt < BEAT_MS) return;
    this.#beatAt = now;
    const { tenant, backtest_id } = this.#job;
    if (now - this.#placeAt >= PLACE_BEAT_MS) {
      this.#placeAt = now;
      await this.#ports.backtests.takePlace(tenant, backtest_id, now + PLACE_MS);
    }
    const { objects_read, objects_total, events, matches, alerts } = progress;
    const elapsed_seconds = (now - this.#startedAt) / 1000;
    await this.#save({
      lease_until: iso(now + LEASE_MS),
      progress: { objects_read, objects_total, events, matches, alerts, elapsed_seconds },
    });
  }

  async #save(fields: Partial<Backtest>, result?: BacktestResult): Promise<void> {
    const job = { ...this.#job, ...fields, revision: this.#job.revision + 1 };
    try {
      await this.#ports.backtests.save(job, result);
    } catch (error) {
      if (error instanceof SentryError && error.code === 'conflict') throw new Stopped();
      throw error;
    }
    this.#job = job;
  }
}

function isLive({ state }: DetectionRule): boolean {
  return state === 'ENABLED' || state === 'STAGED';
}

function alertsOf(rules: readonly DetectionRule[], alerts: readonly Alert[]): Alert[] {
  const ids = new Set(rules.map(({ rule_id }) => rule_id));
  return alerts.filter(({ rule_id }) => ids.has(rule_id));
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
