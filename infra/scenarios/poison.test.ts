import { afterAll, beforeAll, expect, it } from 'vitest';

import { seededChance } from '#infra/simulator/random.ts';
import { unexpectedLines } from './clean-end.testing.ts';
import { checkMessages, compareAlerts, leftovers } from './compare.ts';
import { openScenario, type Scenario } from './harness.ts';
import { expectAlerts } from './oracle.ts';
import { ODDITIES, POISONS, poisonPuts } from './poison.ts';
import type { RawPut } from './producer.ts';
import { makeWorkload, type Put } from './workload.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openScenario();
});
afterAll(() => scenario.close());

it('F5: poison records are quarantined, each by its reason and number, and their neighbours work', async () => {
  const puts = makeWorkload({ events: 4_000, seed: 9, matching: 0.05, from: Date.now() - 600_000 });
  const odd = ODDITIES.map(({ bytes }) => ({ bytes, partition_key: 'odd' }));
  // One line of three is torn: its neighbours in the same record stay.
  const lines = `${JSON.stringify(spare('first'))}\n{"torn":\n${JSON.stringify(spare('third'))}`;
  const mixed = { bytes: Buffer.from(lines), partition_key: 'mixed' };
  await scenario.put(scatter(puts, [...poisonPuts(), ...poisonPuts(), ...odd, mixed]));
  await scenario.settle();
  const snapshot = await scenario.snapshot();

  const reasons = new Map([['bad_json', 1]]);
  for (const { reason } of POISONS) reasons.set(reason, (reasons.get(reason) ?? 0) + 2);
  const held = new Map<string, number>();
  for (const { reason, count } of snapshot.quarantine)
    held.set(reason, (held.get(reason) ?? 0) + count);
  expect(Object.fromEntries(held)).toEqual(Object.fromEntries(reasons));

  const hosts = [...ODDITIES.map(({ host }) => host), 'first', 'third'];
  const expected = [
    ...expectAlerts(puts.map(({ event }) => event)),
    ...hosts.map((host) => ({
      rule_id: 'scenario-host',
      group: [host],
      count: 1,
      severity: 'WARN',
    })),
  ];
  expect(compareAlerts(snapshot.alerts, expected)).toEqual([]);
  expect(checkMessages(snapshot)).toMatchObject({ missing: [], unexpected: [], repeated: 0 });
  expect(leftovers(snapshot)).toEqual([]);
  expect(unexpectedLines(scenario.log())).toEqual([]);
});

function spare(host: string) {
  return { source: 'a', type: 'scenario.host', service: 'odd', payload: { host } };
}

/** `some` put in among `puts` at places that chance chooses, in their own order. */
function scatter(puts: readonly Put[], some: readonly RawPut[]): (Put | RawPut)[] {
  const chance = seededChance(9).next;
  const places = some.map(() => Math.floor(chance() * puts.length)).sort((a, b) => a - b);
  const all: (Put | RawPut)[] = [...puts];
  for (const [index, place] of [...places.entries()].toReversed())
    all.splice(place, 0, some[index]!);
  return all;
}
