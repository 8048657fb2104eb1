/**
 * The long run of fault F3: the same events once undisturbed and once with SIGKILLs of the workers,
 * every other at a random time and every other in the middle of a random commit; both runs are held
 * against an oracle and against each other.
 * `node infra/scenarios/kill-run.ts --events 200000 --kills 10 --seed 7 [--json FILE]`
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { seededChance } from '#infra/simulator/random.ts';
import { checkMessages, compareAlerts, differences, leftovers } from './compare.ts';
import { openScenario, type Scenario } from './harness.ts';
import { CLAIMED, DETECTED, killAt, type KillPoint, RECORDED } from './kill-at.ts';
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

interface Kills {
  stream: number;
  request: number;
  /** Of these, so many in the middle of a commit. */
  in_commit: number;
}

interface Run {
  name: string;
  snapshot: Snapshot;
  seconds: number;
  killed: Kills;
  /** Transactions of each kind. */
  commits: Map<RegExp, number>;
  minutes: number;
  /** Invocations that did not succeed. */
  failures: number;
}

function say(line: string): void {
  console.log(`${new Date().toISOString().slice(11, 19)}  ${line}`);
}

/** Kills once for each number of detected records in `positions`; a worker that is not there is waited for. */
async function killAlong(
  scenario: Scenario,
  positions: readonly number[],
  ended: AbortSignal,
): Promise<Kills> {
  const chance = seededChance(seed + 1).next;
  const killed = { stream: 0, request: 0, in_commit: 0 };
  for (const position of positions) {
    while (detected(scenario) < position && !ended.aborted) await pause(10);
    const worker = chance() < 0.6 ? 'stream' : 'request';
    await pause(chance() * KILL_WITHIN_MS);
    while (!scenario.kill(worker)) await pause(20);
    killed[worker] += 1;
    say(`SIGKILL of the ${worker} worker at ${detected(scenario)} detected`);
  }
  return killed;
}

/** Random commits of those that a run without faults makes; larger batches after a kill make fewer. */
function choosePoints(count: number, commits: ReadonlyMap<RegExp, number>): KillPoint[] {
  const chance = seededChance(seed + 2).next;
  const kinds = [
    { worker: 'stream', commit: DETECTED, when: 'after' },
    { worker: 'request', commit: RECORDED, when: 'before' },
    { worker: 'stream', commit: DETECTED, when: 'before' },
    { worker: 'request', commit: CLAIMED, when: 'after' },
    { worker: 'stream', commit: DETECTED, when: 'after' },
  ] as const;
  return Array.from({ length: count }, (_, index) => {
    const kind = kinds[index % kinds.length]!;
    const most = 0.6 * (commits.get(kind.commit) ?? 1);
    return { ...kind, number: 1 + Math.floor(chance() * most) };
  });
}

function detected({ instance }: Scenario): number {
  return instance.mappings.stats()['kinesis → detect']?.records ?? 0;
}

async function run(
  name: string,
  puts: readonly Put[],
  positions: readonly number[],
  points: readonly KillPoint[],
): Promise<Run> {
  const scenario = await openScenario();
  const killing = killAt(scenario, points);
  const started = performance.now();
  const ended = new AbortController();
  const progress = setInterval(() => say(`${name}: ${detected(scenario)} detected`), 10_000);
  try {
    const along = killAlong(scenario, positions, ended.signal);
    const { calls } = await scenario.put(puts, { batch: 500 });
    say(`${name}: ${puts.length} put in ${calls} calls`);
    await scenario.instance.mappings.streams.get('kinesis → detect')!.idle();
    ended.abort();
    const killed = await along;
    const { minutes } = await scenario.settle(900_000);
    const seconds = (performance.now() - started) / 1000;
    const stats = Object.values(scenario.instance.mappings.stats());
    const failures = stats.reduce((sum, mapping) => sum + mapping.failures, 0);
    say(`${name}: settled after ${seconds.toFixed(1)} s`);
    killed.in_commit = killing.reached();
    const kinds = [DETECTED, CLAIMED, RECORDED];
    const commits = new Map(kinds.map((kind) => [kind, killing.counted(kind)]));
    const snapshot = await scenario.snapshot();
    return { name, snapshot, seconds, killed, commits, minutes, failures };
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
    killed_at_random_times: { stream: killed.stream, request: killed.request },
    killed_in_a_commit: killed.in_commit,
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

const chance = seededChance(seed).next;
const inCommit = Math.floor(kills / 2);
const positions = Array.from({ length: kills - inCommit }, () =>
  Math.floor(chance() * events),
).sort((a, b) => a - b);
const from = Date.now() - 600_000;
const puts = makeWorkload({ events, seed, from, phases: Math.max(1, Math.round(events / 20_000)) });
say(`${events} events, ${kills} kills, seed ${seed}`);
const clean = await run('clean', puts, [], []);
const points = choosePoints(inCommit, clean.commits);
const faulty = await run('killed', puts, positions, points);
const faults = [
  ...faultsOf(clean, puts),
  ...faultsOf(faulty, puts),
  ...differences(clean.snapshot, faulty.snapshot),
  ...(faulty.killed.in_commit < inCommit ? ['not every commit chosen for a kill came'] : []),
];
const result = { events, seed, clean: figures(clean), killed: figures(faulty), faults };
console.log(JSON.stringify(result, undefined, 2));
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(result));
process.exitCode = faults.length === 0 ? 0 : 1;
