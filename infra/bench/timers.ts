import { setTimeout as sleep } from 'node:timers/promises';

import { openScenario } from '#infra/scenarios/harness.ts';
import { signIn } from '#infra/scenarios/person.testing.ts';
import type { Alert } from '#shared/alert/schema.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';

import { type BenchResult, type Figure, quantile } from './result.ts';
import { bareCommits, openWork, STANDING_POLICY, writeStanding } from './standing.ts';

const TIMERS = 10_000;
const MINUTE_MS = 60_000;
/** Between the last row written and the first timer due: one sweep lies in it. */
const AHEAD_MS = 65_000;
/** What writing one takes at most; a machine that is slower is told so. */
const WRITING_MS = 10;
/** Nobody waits longer than so for what never comes. */
const DEADLINE_MS = 300_000;
const LOOK_MS = 2_000;
const FLOOR_COMMITS = 200;

/**
 * Lateness of timers that fall due evenly over one minute, each the second step of an alert of its own,
 * beside sweeps, hints, publishing and messages: how long after its time the step was decided. None may
 * be skipped or taken twice.
 */
export async function measureTimers(
  log: (line: string) => void,
  share: number,
): Promise<BenchResult> {
  const count = Math.max(10, Math.round(TIMERS * share));
  const scenario = await openScenario();
  const { work, close } = openWork(scenario.instance.url);
  try {
    const ask = await signIn(scenario.instance, 'ada');
    await ask('POST', '/v1/escalations', STANDING_POLICY);
    const never = () => Date.now() + 1_000 * MINUTE_MS;
    const bare = await writeStanding(work, FLOOR_COMMITS, 'floor', never);
    const floorMs = quantile(await bareCommits(work, bare, false), 0.5);
    const firstMs = Date.now() + AHEAD_MS + count * WRITING_MS;
    const dueAt = (n: number) => firstMs + Math.floor((n * MINUTE_MS) / count);
    const alerts = await writeStanding(work, count, 'timer', dueAt);
    if (Date.now() > firstMs - AHEAD_MS) throw new Error('writing the timers took too long');
    log(`${count} timers written, due from ${new Date(firstMs).toISOString()} on`);
    await sleep(firstMs + MINUTE_MS - Date.now());
    const taken = await waitUntilTaken(work, alerts, log);
    return { figures: figuresOf(taken, dueAt, floorMs) };
  } finally {
    close();
    await scenario.close();
  }
}

/** The alerts as they stand once all have their step, or when the time is up. */
async function waitUntilTaken(
  work: WorkStore,
  alerts: readonly Alert[],
  log: (line: string) => void,
): Promise<Alert[]> {
  const deadline = performance.now() + DEADLINE_MS;
  const ids = alerts.map(({ alert_id }) => alert_id);
  for (;;) {
    const rows = (await work.getAlerts('default', ids)).map((row, n) => row ?? alerts[n]!);
    const left = rows.filter(({ escalation_level }) => escalation_level < 2).length;
    if (left === 0 || performance.now() > deadline) return rows;
    log(`${left} are not taken yet`);
    await sleep(LOOK_MS);
  }
}

function figuresOf(
  alerts: readonly Alert[],
  dueAt: (n: number) => number,
  floorMs: number,
): Figure[] {
  const taken = alerts.flatMap((alert, n) => (alert.escalation_level < 2 ? [] : [{ alert, n }]));
  const late = taken.map(({ alert, n }) => Date.parse(alert.updated_at) - dueAt(n));
  const worst = late.reduce((most, ms) => Math.max(most, ms), 0);
  const many = alerts.length.toLocaleString('en');
  const figure = (name: string, value: number, unit: string, note: string): Figure => ({
    name: `${many} due in a minute, ${name}`,
    value,
    unit,
    note,
  });
  const bare = (ms: number) =>
    `${(ms / floorMs).toFixed(1)} × a bare transaction of the same rows (${floorMs.toFixed(1)} ms)`;
  const twice = taken.filter(({ alert }) => alert.escalation_level > 2).length;
  return [
    figure('skipped', alerts.length - taken.length, 'timers', 'goal 0'),
    figure('taken twice', twice, 'timers', 'goal 0'),
    figure('early', late.filter((ms) => ms < 0).length, 'timers', 'goal 0'),
    figure('late, p50', quantile(late, 0.5), 'ms', bare(quantile(late, 0.5))),
    figure('late, p99', quantile(late, 0.99), 'ms', bare(quantile(late, 0.99))),
    figure('late, worst', worst, 'ms', 'goal ≤ 60,000'),
  ];
}
