import { repeatAndShuffle } from '#infra/scenarios/workload.ts';
import type { Scenario } from '#infra/scenarios/harness.ts';
import { SCENARIO_RULES } from '#infra/scenarios/rules.ts';
import { scanTable } from '#infra/scenarios/snapshot.ts';
import { TABLES } from '#infra/topology.ts';
import { ThresholdConfig } from '#shared/detection/threshold/config.ts';
import { unpackState } from '#shared/detection/threshold/pack.ts';

import { disturbance } from './disturb.ts';

/** As much as the least patient of the rules grants. */
const SHUFFLE_MS = 60_000;
const LATE_MS = 3 * 3_600_000;
const LATE_OF_EACH = 10;
const BURST = SCENARIO_RULES.find(({ rule_id }) => rule_id === 'scenario-burst')!;

export const outOfOrder = disturbance({
  id: 'F19',
  name: 'out-of-order',
  what: 'events out of order within lateness are counted exactly, those beyond it as late',
  load: { events: 5_000, matching: 0.06 },
  async disturb(scenario, puts, { seed }) {
    const once = [...new Set(repeatAndShuffle(puts, seed, SHUFFLE_MS))];
    await scenario.put(once, { batch: 500 });
    await scenario.instance.mappings.streams.get('kinesis → detect')!.idle();
    const bursts = puts.filter(({ event }) => event.type === 'scenario.burst');
    const last = [...new Map(bursts.map((put) => [put.partition_key, put])).values()];
    const late = last.flatMap((put) =>
      Array.from({ length: LATE_OF_EACH }, (_, n) => {
        const timestamp = new Date(Date.parse(put.event.timestamp) - LATE_MS + n).toISOString();
        const event_id = `late-${put.partition_key}-${n}`;
        return { ...put, event: { ...put.event, event_id, timestamp } };
      }),
    );
    await scenario.put(late);
    if (late.length === 0) throw new Error('no event came late');
    return { out_of_order: once.length, late: late.length };
  },
  async check(scenario, _snapshot, { puts }) {
    const hosts = new Set(
      puts.filter(({ event }) => event.type === 'scenario.burst').map((put) => put.partition_key),
    );
    const counted = await countLate(scenario);
    const wanted = hosts.size * LATE_OF_EACH;
    return counted === wanted ? [] : [`${counted} events are counted as late, not ${wanted}`];
  },
});

async function countLate({ instance }: Scenario): Promise<number> {
  const config = ThresholdConfig.parse(BURST.detector);
  const rows = await scanTable(instance.url, TABLES.state.name);
  return rows
    .filter(({ rule_id, state }) => rule_id === BURST.rule_id && state instanceof Uint8Array)
    .reduce((sum, { state }) => sum + unpackState(state as Uint8Array, config).late, 0);
}
