import type { Alert } from '#shared/alert/schema.ts';
import { countObjects, readArchive } from '#shared/archive/read-archive.ts';
import type { StreamRecord } from '#shared/detection/read-records.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { BacktestStore } from '#shared/ports/backtest-store.ts';
import type { EventArchive } from '#shared/ports/event-archive.ts';
import type { ReplayStores } from '#shared/ports/replay-stores.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';
import { bindLookups, type LookupReader, readTables } from '#shared/rule/bind-lookups.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';

import type { JobLife } from './job-life.ts';
import { openOverlap, readLiveAlerts } from './overlap.ts';
import { openReplay, type Replay } from './replay.ts';
import type { Backtest, BacktestResult } from './schema.ts';
import { openTally, type Tally } from './tally.ts';
import { warmUpMs } from './warm-up.ts';

/** What memory has room for; a run that outgrows it ends there and says so. */
const ALERTS_MAX = 10_000;
const SERIES_MAX = 50_000;

export interface ReplayPorts {
  backtests: Pick<BacktestStore, 'rules'>;
  archive: EventArchive;
  rules: Pick<RuleStore, 'list'>;
  /** The tables that rules name, as they stand now. */
  lookups: LookupReader;
  /** The live alerts: to compare with, never written. */
  work: Pick<WorkStore, 'listAlerts'>;
  openStores(now: () => number): ReplayStores;
}

/**
 * Replays the period of a job, after its warm-up, and says what was found; `life` hears of it about
 * once a second. Ends early, with `truncated`, after `runMs` or when a limit is reached. Throws
 * `unavailable`, `invalid_input` for a rule that does not run, and what `life` throws.
 */
export async function replayJob(
  ports: ReplayPorts,
  job: Backtest,
  life: JobLife,
  runMs: number,
): Promise<BacktestResult> {
  const { tenant } = job;
  const period = { tenant, from: Date.parse(job.from), to: Date.parse(job.to) };
  const { rules, live, liveAlerts, known } = await readGround(ports, job, period.to);
  const span = { ...period, from: period.from - warmUpMs(rules) };
  const overlap = openOverlap(live, liveAlerts);
  const tally = openTally(period.from, period.to);
  const time = { now: span.from };
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
  if (broken && job.kind !== 'live')
    throw new SentryError('invalid_input', `The rule cannot run: ${broken.error.message}`);

  const objects = { objects_read: 0, objects_total: 0 };
  const progress = (alerts: number) => {
    const { events, matches } = replay.counts;
    return { ...objects, events, matches, alerts };
  };
  const beat = () => life.beat(progress(stores.alertCount()));
  objects.objects_total = await countObjects(ports.archive, span, beat);
  const listener = { read: () => void objects.objects_read++, faulty: tally.faulty };
  const take = periodTaker(replay, tally, period.from);
  let truncated: BacktestResult['truncated'];
  for await (const batch of readArchive(ports.archive, span, listener)) {
    await beat();
    const [first] = batch;
    if (!first) {
      // An hour has ended.
      stores.tidy();
      continue;
    }
    const reason = limitOf(job, replay, stores) ?? (life.elapsedMs > runMs ? 'time' : undefined);
    if (reason) {
      const until = Math.max(first.arrived_at_ms, period.from);
      truncated = { reason, until: new Date(until).toISOString() };
      break;
    }
    await take(batch);
  }
  await take([]);
  if (!truncated) await replay.finish(period.to);
  const asked = new Set(rules.map(({ rule_id }) => rule_id));
  const alerts = stores.alerts().filter(({ count, rule_id }) => count > 0 && asked.has(rule_id));
  await life.beat(progress(alerts.length), true);
  return tally.result({
    counts: replay.counts,
    alerts,
    overlap: overlap.result(),
    runSeconds: life.elapsedMs / 1000,
    ...(truncated && { truncated }),
  });
}

/** The job's rules ready to compile, the live ones and the live alerts beside them. */
async function readGround(
  ports: ReplayPorts,
  { tenant, kind, backtest_id }: Backtest,
  to: number,
): Promise<{
  rules: DetectionRule[];
  live: DetectionRule[];
  liveAlerts: Alert[];
  /** Those of the job's own rules; none of a draft's. */
  known: Alert[];
}> {
  const all = await ports.rules.list(tenant);
  const asked = kind === 'live' ? [] : await ports.backtests.rules(tenant, backtest_id);
  const inForce = all.filter(({ state }) => state === 'ENABLED' || state === 'STAGED');
  const tables = await readTables(ports.lookups, tenant, [...inForce, ...asked]);
  const live = inForce.map((rule) => bindLookups(rule, tables));
  const rules = kind === 'live' ? live : asked.map((rule) => bindLookups(rule, tables));
  const liveAlerts = (await readLiveAlerts(ports.work, tenant)).filter(
    ({ created_at }) => Date.parse(created_at) < to,
  );
  const ids = new Set(rules.map(({ rule_id }) => rule_id));
  const known = kind === 'draft' ? [] : liveAlerts.filter(({ rule_id }) => ids.has(rule_id));
  return { rules, live, liveAlerts, known };
}

/** Gives batches to the replay and begins the period with the first record that belongs to it, or with none at all. */
function periodTaker(
  replay: Replay,
  tally: Tally,
  from: number,
): (batch: readonly StreamRecord[]) => Promise<void> {
  let isBegun = false;
  return async (batch) => {
    const first = batch.findIndex(({ arrived_at_ms }) => arrived_at_ms >= from);
    const warm = first < 0 ? batch : batch.slice(0, first);
    if (warm.length > 0) await replay.take(warm);
    if (first < 0 && batch.length > 0) return;
    if (!isBegun) await replay.begin(from);
    isBegun = true;
    if (first < 0) return;
    const before = replay.counts.matches;
    await replay.take(batch.slice(first));
    tally.matched(batch[first]!.arrived_at_ms, replay.counts.matches - before);
  };
}

function limitOf(
  { max_events }: Backtest,
  { counts }: Replay,
  stores: ReplayStores,
): 'max_events' | 'alerts' | 'series' | undefined {
  if (counts.events >= max_events) return 'max_events';
  if (stores.alertCount() > ALERTS_MAX) return 'alerts';
  return stores.seriesCount() > SERIES_MAX ? 'series' : undefined;
}
