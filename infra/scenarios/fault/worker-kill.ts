import { setTimeout as sleep } from 'node:timers/promises';

import { CLAIMED, DETECTED, killAt, type KillPoint, RECORDED } from '#infra/scenarios/kill-at.ts';
import type { Scenario } from '#infra/scenarios/harness.ts';
import { seededChance } from '#infra/simulator/random.ts';

import { disturbance } from './disturb.ts';

/** A kill falls somewhere within this long after the record that is due for it was detected. */
const KILL_WITHIN_MS = 300;

/** Kinds of commit that a worker may die in, in turn. */
const POINTS = [
  { worker: 'stream', commit: DETECTED, when: 'after' },
  { worker: 'request', commit: RECORDED, when: 'before' },
  { worker: 'stream', commit: DETECTED, when: 'before' },
  { worker: 'request', commit: CLAIMED, when: 'after' },
  { worker: 'stream', commit: DETECTED, when: 'after' },
] as const satisfies readonly Omit<KillPoint, 'number'>[];

const KILLS = { short: 4, long: 40 } as const;

/** Half of the kills at random times, half in the middle of random commits. */
export const workerKill = disturbance({
  id: 'F3',
  name: 'worker-kill',
  what: 'SIGKILL of a worker, at random times and in the middle of its commits',
  repeats: true,
  // Alerts open all along, not only at the beginning.
  load: { events: 1_000_000, phases: 50 },
  async disturb(scenario, puts, { seed, size, say, run, scale = 1 }) {
    const chance = seededChance(seed + 1).next;
    const kills = Math.max(4, Math.round(KILLS[size] * scale));
    const inCommit = Math.ceil(kills / 2);
    const killing = killAt(scenario, choosePoints(inCommit, run.commits, chance));
    const positions = Array.from({ length: kills - inCommit }, () =>
      Math.floor(chance() * puts.length),
    ).sort((a, b) => a - b);
    const ended = new AbortController();
    const progress = setInterval(() => say(`${detected(scenario)} detected`), 15_000);
    const along = killAlong(scenario, positions, chance, ended.signal);
    try {
      await scenario.put(puts, { batch: 500 });
      await scenario.instance.mappings.streams.get('kinesis → detect')!.idle();
    } finally {
      clearInterval(progress);
      ended.abort();
    }
    const atRandom = await along;
    await scenario.settle(600_000);
    if (killing.reached() < inCommit) throw new Error('not every commit chosen for a kill came');
    return { killed_at_random_times: atRandom, killed_in_a_commit: killing.reached() };
  },
});

/** Kills once for each number of detected records in `positions`; a worker that is not there is waited for. */
async function killAlong(
  scenario: Scenario,
  positions: readonly number[],
  chance: () => number,
  ended: AbortSignal,
): Promise<number> {
  for (const position of positions) {
    while (detected(scenario) < position && !ended.aborted) await sleep(10);
    const worker = chance() < 0.6 ? 'stream' : 'request';
    await sleep(chance() * KILL_WITHIN_MS);
    while (!scenario.kill(worker)) await sleep(20);
  }
  return positions.length;
}

/** Random commits of those that a run without faults makes; larger batches after a kill make fewer. */
function choosePoints(
  count: number,
  commits: ReadonlyMap<RegExp, number>,
  chance: () => number,
): KillPoint[] {
  const taken = new Set<string>();
  return Array.from({ length: count }, (_, index) => {
    const kind = POINTS[index % POINTS.length]!;
    const most = Math.max(0.6 * (commits.get(kind.commit) ?? 1), count);
    let number: number;
    // Two deaths in the same commit would be one.
    do number = 1 + Math.floor(chance() * most);
    while (taken.has(`${kind.commit.source} ${number}`));
    taken.add(`${kind.commit.source} ${number}`);
    return { ...kind, number };
  });
}

function detected({ instance }: Scenario): number {
  return instance.mappings.stats()['kinesis → detect']?.records ?? 0;
}
