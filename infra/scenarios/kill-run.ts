/**
 * The long run of fault F3: the same events once undisturbed and once with SIGKILLs of the workers at
 * random times, both held against an oracle and against each other.
 * `node infra/scenarios/kill-run.ts --events 200000 --kills 10 --seed 7 [--json FILE]`
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { seededChance } from './chance.ts';
import { checkMessages, compareAlerts, differences, leftovers } from './compare.ts';
import { openScenario, type Scenario } from './harness.ts';
import { expectAlerts } from './oracle.ts';
import type { Snapshot } from './snapshot.ts';
import { makeWorkload, type Put } from './workload.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '200000' },
    kills: { type: 'string', default: '10' },
    seed: { type: 'string', default: '7' },
    json: { type: 'string' },
  },
});
const events = Number(values.events);
const kills = Number(values.kills);
const seed = Number(values.seed);
/** A kill falls somewhere within this long after the record that is due for it was detected. */
const KILL_WITHIN_MS = 300;

interface Run {
  name: string;
  snapshot: Snapshot;
  seconds: number;
  killed: { stream: number; request: number };
  minutes: number;
  /** Invocations that did not succeed. */
  failures: number;
}

function say(line: string): void {
  console.log(`${new Date().toISOString().slice(11, 19)}  ${line}`);
}

/** Kills once for each number of detected records in `killAt`; a worker that is not there is waited for. */
async function killAlong(
  scenario: Scenario,
  killAt: readonly number[],
  ended: AbortSignal,
): Promise<{ stream: number; request: number }> {
  const chance = seededChance(seed + 1);
  const killed = { stream: 0, request: 0 };
  for (const position of killAt) {
    while (detected(scenario) < position && !ended.aborted) await pause(10);
    const worker = chance() < 0.6 ? 'stream' : 'request';
    await pause(chance() * KILL_WITHIN_MS);
    while (!scenario.kill(worker)) await pause(20);
    killed[worker] += 1;
    say(`SIGKILL of the ${worker} worker at ${detected(scenario)} detected`);
  }
  return killed;
}

function detected({ instance }: Scenario): number {
  return instance.mappings.stats()['kinesis → detect']?.records ?? 0;
}

async function run(name: string, puts: readonly Put[], killAt: readonly number[]): Promise<Run> {
  const scenario = await openScenario();
  const started = performance.now();
  const ended = new AbortController();
  const progress = setInterval(() => say(`${name}: ${detected(scenario)} detected`), 10_000);
  try {
    const killing = killAlong(scenario, killAt, ended.signal);
    const { calls } = await scenario.put(puts, { batch: 500 });
    say(`${name}: ${puts.length} put in ${calls} calls`);
    await scenario.instance.mappings.streams.get('kinesis → detect')!.idle();
    ended.abort();
    const killed = await killing;
    const { minutes } = await scenario.settle(900_000);
    const seconds = (performance.now() - started) / 1000;
    const stats = Object.values(scenario.instance.mappings.stats());
    const failures = stats.reduce((sum, mapping) => sum + mapping.failures, 0);
    say(`${name}: settled after ${seconds.toFixed(1)} s`);
    return { name, snapshot: await scenario.snapshot(), seconds, killed, minutes, failures };
  } finally {
    clearInterval(progress);
    await scenario.close();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function figures({ snapshot, seconds, killed, minutes, failures }: Run) {
  const { sent, repeated } = checkMessages(snapshot);
  return {
    seconds: Number(seconds.toFixed(1)),
    events_per_second: Math.round(events / seconds),
    kills: killed,
    failed_invocations: failures,
    clock_moved_minutes: minutes,
    alerts: snapshot.alerts.length,
    counted: snapshot.alerts.reduce((sum, { count }) => sum + count, 0),
    deliveries: snapshot.deliveries.length,
    messages: sent,
    repeated_with_same_key: repeated,
  };
}

function faultsOf({ name, snapshot }: Run, puts: readonly Put[]): string[] {
  const expected = expectAlerts(puts.map(({ event }) => event));
  const { missing, unexpected, differing } = checkMessages(snapshot);
  return [
    ...compareAlerts(snapshot.alerts, expected),
    ...missing.map((line) => `not told: ${line}`),
    ...unexpected.map((line) => `told for nothing: ${line}`),
    ...differing.map((line) => `told with two keys: ${line}`),
    ...leftovers(snapshot),
  ].map((line) => `${name}: ${line}`);
}

const chance = seededChance(seed);
const killAt = Array.from({ length: kills }, () => Math.floor(chance() * events)).sort(
  (a, b) => a - b,
);
const from = Date.now() - 600_000;
const puts = makeWorkload({ events, seed, from, phases: Math.max(1, Math.round(events / 20_000)) });
say(`${events} events, ${kills} kills, seed ${seed}`);
const clean = await run('clean', puts, []);
const faulty = await run('killed', puts, killAt);
const faults = [
  ...faultsOf(clean, puts),
  ...faultsOf(faulty, puts),
  ...differences(clean.snapshot, faulty.snapshot),
];
const result = { events, seed, clean: figures(clean), killed: figures(faulty), faults };
console.log(JSON.stringify(result, undefined, 2));
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(result));
process.exitCode = faults.length === 0 ? 0 : 1;
