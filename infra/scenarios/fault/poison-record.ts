import { seededChance } from '#infra/simulator/random.ts';
import { POISONS, poisonPuts } from '#infra/scenarios/poison.ts';
import type { RawPut } from '#infra/scenarios/producer.ts';
import { until } from '#infra/scenarios/until.ts';
import type { Put } from '#infra/scenarios/workload.ts';

import { disturbance } from './disturb.ts';

export const poisonRecord = disturbance({
  id: 'F5',
  name: 'poison-record',
  what: 'one record in a hundred cannot be read; only those are quarantined',
  load: { events: 20_000, matching: 0.02 },
  async disturb(scenario, puts, { seed }) {
    const rounds = roundsOf(puts.length);
    const poison = Array.from({ length: rounds }, poisonPuts).flat();
    const detect = scenario.instance.mappings.streams.get('kinesis → detect')!;
    /** Real ms from the answer to a put until every record of it is detected, good and bad. */
    const waits: number[] = [];
    await scenario.put(scatter(puts, poison, seed), {
      batch: 500,
      async onProgress(answered) {
        const answeredAt = performance.now();
        await until(() => detect.stats().records >= answered, 60_000);
        waits.push(performance.now() - answeredAt);
      },
    });
    waits.sort((a, b) => a - b);
    return {
      poison: poison.length,
      neighbours_median_ms: Math.round(waits[Math.floor(waits.length / 2)]!),
      neighbours_worst_ms: Math.round(waits.at(-1)!),
    };
  },
  async check(_scenario, snapshot, { puts }) {
    const rounds = roundsOf(puts.length);
    const wanted = new Map<string, number>();
    for (const { reason } of POISONS) wanted.set(reason, (wanted.get(reason) ?? 0) + rounds);
    // What stands in quarantine is held here; the run without a fault has nothing there.
    for (const { reason, count } of snapshot.quarantine.splice(0))
      wanted.set(reason, (wanted.get(reason) ?? 0) - count);
    return [...wanted]
      .filter(([, left]) => left !== 0)
      .map(([reason, left]) => `quarantine lacks ${left} of ${reason}`);
  },
});

/** How often each kind of poison comes, for one in a hundred. */
function roundsOf(events: number): number {
  return Math.ceil(events / 100 / POISONS.length);
}

/** `some` put in among `puts` at places that chance chooses, in their own order. */
function scatter(puts: readonly Put[], some: readonly RawPut[], seed: number): (Put | RawPut)[] {
  const chance = seededChance(seed).next;
  const places = some.map(() => Math.floor(chance() * puts.length)).sort((a, b) => a - b);
  const all: (Put | RawPut)[] = [];
  let next = 0;
  for (const [at, put] of puts.entries()) {
    while (places[next] === at) all.push(some[next++]!);
    all.push(put);
  }
  return all;
}
