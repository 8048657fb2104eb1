import { seededChance } from '#infra/simulator/random.ts';
import type { DetectorConfig } from '#shared/detection/kinds.ts';
import type { StreamRecord } from '#shared/detection/read-records.ts';
import type { EventRecord } from '#shared/event/schema.ts';
import { DetectionRule } from '#shared/rule/schema.ts';

/** One rule at least of every kind of detector there is; a new kind does not compile without. */
const DETECTORS: { [Kind in DetectorConfig['kind']]: object[] } = {
  match: [{ kind: 'match' }],
  threshold: [
    { kind: 'threshold', aggregate: 'count', window_seconds: 600, threshold: 12 },
    ...['sum', 'avg', 'distinct'].map((aggregate) => ({
      kind: 'threshold',
      aggregate,
      field: 'payload.value',
      window_seconds: 900,
      threshold: 80,
      min_events: 5,
    })),
    { kind: 'threshold', aggregate: 'rate', window_seconds: 300, threshold: 0.05 },
    {
      kind: 'threshold',
      aggregate: 'percentile',
      percentile: 95,
      field: 'payload.value',
      window_seconds: 1_800,
      threshold: 90,
      min_events: 10,
    },
  ],
  absence: [{ kind: 'absence', window_seconds: 300, grace_seconds: 30 }],
  sequence: [
    {
      kind: 'sequence',
      within_seconds: 900,
      steps: [
        { name: 'high', pattern: { payload: { value: [{ numeric: ['>', 70] }] } }, times: 2 },
        { name: 'low', pattern: { payload: { value: [{ numeric: ['<', 25] }] } } },
      ],
    },
    {
      kind: 'sequence',
      within_seconds: 300,
      steps: [
        { name: 'high', pattern: { payload: { value: [{ numeric: ['>', 75] }] } } },
        { name: 'back', pattern: { payload: { value: [{ numeric: ['<', 60] }] } }, absent: true },
      ],
    },
  ],
  new_value: [{ kind: 'new_value', field: 'payload.place', learning_seconds: 3_600 }],
  statistical: ['ewma', 'holt-winters', 'seasonal', 'robust-z'].map((method) => ({
    kind: 'statistical',
    method,
    field: 'payload.value',
  })),
  learned: [{ kind: 'learned', field: 'payload.value' }],
};

/** A rule for each detector above, over the same events; one of them STAGED. */
export const REDELIVERY_RULES: readonly DetectionRule[] = Object.values(DETECTORS)
  .flat()
  .map((detector, nth) =>
    DetectionRule.parse({
      rule_id: `redelivery-${nth}`,
      name: `Redelivery ${nth}`,
      severity: nth % 2 === 0 ? 'ERROR' : 'WARN',
      state: nth === 1 ? 'STAGED' : 'ENABLED',
      pattern:
        nth === 0 ? { payload: { value: [{ numeric: ['>', 95] }] } } : { type: ['metric.load'] },
      detector,
      group_by: ['payload.host'],
      title: '{payload.host} at {payload.value}',
    }),
  );

const HOSTS = 12;
const SHARDS = 2;
const BASE = Date.parse('2026-03-02T00:00:00.000Z');
/** The run covers so much time, however many events it has. */
const SPAN_MS = 30 * 3_600_000;

/**
 * Seeded records with 1–4 events of twelve hosts, some of which fall silent for a while: a daily wave with
 * noise, spikes and shifts, values that are none, events out of order and late, and events sent twice.
 */
export function makeRecords(events: number, seed: number): StreamRecord[] {
  const chance = seededChance(seed);
  const records: StreamRecord[] = [];
  const sent: EventRecord[] = [];
  const sequences = Array.from({ length: SHARDS }, () => 1_000);
  for (let made = 0; made < events;) {
    const arrived = BASE + Math.floor((SPAN_MS * made) / events);
    const body: EventRecord[] = [];
    const many = Math.min(1 + Math.floor(chance.next() * 4), events - made);
    for (let at = 0; at < many; at++) {
      const repeats = sent.length > 0 && chance.next() < 0.02;
      const event = repeats ? chance.pick(sent.slice(-500)) : makeEvent(made + at, arrived, chance);
      body.push(event);
      if (!repeats) sent.push(event);
    }
    made += many;
    const shard = Math.floor(chance.next() * SHARDS);
    records.push({
      shard: `shardId-00000000000${shard}`,
      sequence: String(sequences[shard]!++),
      partition_key: 'k',
      bytes: Buffer.from(JSON.stringify(body)),
      arrived_at_ms: arrived,
    });
  }
  return records;
}

function makeEvent(id: number, arrived: number, chance: ReturnType<typeof seededChance>) {
  const host = hostAt(arrived, chance);
  const roll = chance.next();
  const late = roll < 0.03 ? 120_000 : roll < 0.033 ? 3_600_000 : 2_000;
  return {
    event_id: `e-${id}`,
    source: 'agent',
    type: 'metric.load',
    severity: 'INFO',
    timestamp: new Date(arrived - Math.floor(chance.next() * late)).toISOString(),
    service: 'fleet',
    payload: { host: `host-${host}`, value: valueAt(arrived, host, chance), place: place(chance) },
  } satisfies EventRecord;
}

/** One host in three is silent during one half hour in four. */
function hostAt(at: number, chance: ReturnType<typeof seededChance>): number {
  const silent = Math.floor(at / 1_800_000) % 4;
  let host = Math.floor(chance.next() * HOSTS);
  while (host % 3 === 0 && (host / 3) % 4 === silent) host = Math.floor(chance.next() * HOSTS);
  return host;
}

function valueAt(at: number, host: number, chance: ReturnType<typeof seededChance>): unknown {
  const roll = chance.next();
  if (roll < 0.004) return chance.pick([null, 'n/a', '12', true, { deep: 1 }, [3]]);
  const wave = 20 * Math.sin((2 * Math.PI * at) / 86_400_000 + host);
  const shift = Math.floor(at / 7_200_000) % 5 === host % 5 ? 25 : 0;
  const spike = roll > 0.995 ? 60 : 0;
  return 40 + wave + shift + spike + chance.between(-5, 5);
}

function place(chance: ReturnType<typeof seededChance>): string {
  return chance.next() < 0.002 ? `new-${Math.floor(chance.next() * 400)}` : chance.pick(['a', 'b']);
}
