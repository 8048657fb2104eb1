import type { Scenario } from '#infra/scenarios/harness.ts';
import { scanTable } from '#infra/scenarios/snapshot.ts';
import { TABLES } from '#infra/topology.ts';

import { disturbance } from './disturb.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const at = (offsetMs: number) => () => new Date(Date.now() + offsetMs).toISOString();

/** What clocks of producers say, and whether the arrival is to be believed rather. */
const CLOCKS: readonly { says: () => string; isWrong: boolean }[] = [
  { says: at(-5 * MINUTE_MS), isWrong: false },
  { says: at(10 * MINUTE_MS), isWrong: true },
  { says: at(-2 * DAY_MS), isWrong: true },
  { says: at(DAY_MS), isWrong: true },
  { says: () => '1970-01-01T00:00:00Z', isWrong: true },
  { says: () => '9999-12-31T23:59:59.999Z', isWrong: true },
  { says: () => 'NaN', isWrong: true },
  // The hour that happens twice, and the one that never does.
  { says: () => '2025-10-26T02:30:00+02:00', isWrong: true },
  { says: () => '2025-03-30T02:30:00', isWrong: true },
];
/** Rules that judge each event for itself: no window depends on when it was. */
const SINGLE = new Set(['disk-full', 'critical-event', 'scenario-host']);
const TYPES = /^(metric\.disk|ledger\.|scenario\.host)/;

export const clockSkew = disturbance({
  id: 'F18',
  name: 'clock-skew',
  what: 'clocks that are minutes, days and centuries off: clamped to arrival −24 h … +5 min and flagged',
  load: (size) => ({
    events: size === 'short' ? 500 : 5_000,
    matching: size === 'short' ? 0.3 : 0.06,
  }),
  async disturb(scenario, puts) {
    let turn = 0;
    const skewed = puts.map((put) => {
      const { event } = put;
      if (!TYPES.test(event.type)) return put;
      const clock = turn++ % CLOCKS.length;
      const { says, isWrong } = CLOCKS[clock]!;
      const payload = { ...event.payload, clock_is_wrong: isWrong };
      return { ...put, event: { ...event, timestamp: says(), payload } };
    });
    await scenario.put(skewed, { batch: 500 });
    if (turn < 2 * CLOCKS.length) throw new Error('too few clocks were wrong');
    return { wrong_clocks: turn };
  },
  check: async (scenario) => checkEvidence(scenario),
});

interface Kept {
  event_id: string;
  timestamp: string;
  clock_skewed?: boolean;
  payload: { clock_is_wrong?: boolean };
}

/** The events that alerts keep: in bounds, and flagged exactly where the clock was wrong. */
async function checkEvidence({ instance }: Scenario): Promise<string[]> {
  const now = Date.now();
  const rows = await scanTable(instance.url, TABLES.work.name);
  const kept = rows
    .filter(({ sk, rule_id }) => sk === 'ALERT' && SINGLE.has(String(rule_id)))
    .flatMap(({ parts_json }) => eventsIn(JSON.parse(String(parts_json))));
  if (kept.length < CLOCKS.length) return [`only ${kept.length} events are kept as evidence`];
  return kept.flatMap(({ event_id, timestamp, clock_skewed = false, payload }) => {
    const stated = Date.parse(timestamp);
    // Arrival was within the last minutes of this run.
    const isInBounds = stated >= now - DAY_MS - 15 * MINUTE_MS && stated <= now + 5 * MINUTE_MS;
    return [
      ...(isInBounds ? [] : [`${event_id} stands at ${timestamp}`]),
      ...(clock_skewed === payload.clock_is_wrong ? [] : [`${event_id}: flagged ${clock_skewed}`]),
    ];
  });
}

function eventsIn({ evidence }: { evidence: object }): Kept[] {
  const found: Kept[] = [];
  JSON.stringify(evidence, (_key, value: unknown) => {
    if (typeof value === 'object' && value !== null && 'event_id' in value && 'payload' in value)
      found.push(value as Kept);
    return value;
  });
  return found;
}
