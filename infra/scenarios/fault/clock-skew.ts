import type { Scenario } from '#infra/scenarios/harness.ts';
import { scanTable } from '#infra/scenarios/snapshot.ts';
import { TABLES } from '#infra/topology.ts';

import { disturbance } from './disturb.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const at = (offsetMs: number) => () => new Date(Date.now() + offsetMs).toISOString();

/** What clocks of producers say; of a right one within five minutes, of all others the arrival is nearer the truth. */
const CLOCKS: readonly (() => string)[] = [
  at(-5 * MINUTE_MS),
  at(10 * MINUTE_MS),
  at(-2 * DAY_MS),
  at(DAY_MS),
  () => '1970-01-01T00:00:00Z',
  () => '9999-12-31T23:59:59.999Z',
  () => 'NaN',
  // The hour that happens twice, and the one that never does.
  () => '2025-10-26T02:30:00+02:00',
  () => '2025-03-30T02:30:00',
];
/** Rules that judge each event for itself: no window depends on when it was. */
const SINGLE = new Set(['disk-full', 'critical-event', 'scenario-host']);
const TYPES = /^(metric\.disk|ledger\.|scenario\.host)/;

export const clockSkew = disturbance({
  id: 'F18',
  name: 'clock-skew',
  what: 'clocks that are minutes, days and centuries off: clamped to arrival −24 h … +5 min, none lost',
  load: { events: 5_000, matching: 0.06 },
  async disturb(scenario, puts) {
    let turn = 0;
    const skewed = puts.map((put) => {
      const { event } = put;
      if (!TYPES.test(event.type)) return put;
      const says = CLOCKS[turn++ % CLOCKS.length]!;
      return { ...put, event: { ...event, timestamp: says() } };
    });
    await scenario.put(skewed, { batch: 500 });
    if (turn < 2 * CLOCKS.length) throw new Error('too few clocks were wrong');
    return { wrong_clocks: turn };
  },
  check: (scenario) => checkTimes(scenario),
});

/** Where the events stand that alerts keep, and the alerts themselves: never outside of what arrival allows. */
async function checkTimes({ instance }: Scenario): Promise<string[]> {
  const now = Date.now();
  const rows = await scanTable(instance.url, TABLES.work.name);
  const alerts = rows.filter(({ sk, rule_id }) => sk === 'ALERT' && SINGLE.has(String(rule_id)));
  const kept = alerts.flatMap(({ parts_json }) => {
    const { evidence } = JSON.parse(String(parts_json)) as Parts;
    return [...evidence.first, ...evidence.last];
  });
  // Of every nine clocks two are right.
  if (!kept.some((event) => event.clock_skewed) || kept.every((event) => event.clock_skewed))
    return ['the evidence does not tell wrong clocks from right ones'];
  const times = [
    ...kept.map(({ timestamp }) => timestamp),
    ...alerts.flatMap(({ first_seen, last_seen }) => [String(first_seen), String(last_seen)]),
  ];
  if (times.length < CLOCKS.length) return [`only ${times.length} times to look at`];
  // Arrival was within the last minutes of this run.
  const [earliest, latest] = [now - DAY_MS - 15 * MINUTE_MS, now + 5 * MINUTE_MS];
  return times
    .filter((time) => !(Date.parse(time) >= earliest && Date.parse(time) <= latest))
    .map((time) => `an event stands at ${time}`);
}

interface Kept {
  timestamp: string;
  clock_skewed?: boolean;
}

interface Parts {
  evidence: { first: Kept[]; last: Kept[] };
}
