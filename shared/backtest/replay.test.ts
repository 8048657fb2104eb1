import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createMemoryEventArchive } from '#shared/adapters/memory/memory-event-archive.ts';
import { createMemoryReplay } from '#shared/adapters/memory/memory-replay.ts';
import { resolve } from '#shared/alert/resolve.ts';
import type { Alert } from '#shared/alert/schema.ts';
import { readArchive } from '#shared/archive/read-archive.ts';
import { writeArchive } from '#shared/archive/write-archive.ts';
import type { StreamRecord } from '#shared/detection/read-records.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildEvent, buildRule } from '#shared/testing/build-finding.ts';
import { buildRecord, createDetectHarness, SIGNING_KEY } from '#shared/testing/detect-harness.ts';

import { openReplay } from './replay.ts';
import { warmUpMs } from './warm-up.ts';

const START = Date.parse('2026-03-01T12:00:00.000Z');
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const TICK_MS = 10_000;
/** Never within seconds of a multiple of the tick: who was first there is not told by the archive. */
const REOPEN_SECONDS = 302;

const count = (fields: object) => ({
  kind: 'threshold' as const,
  operator: '>=' as const,
  min_events: 1,
  ...fields,
});
const RULES: DetectionRule[] = [
  buildRule({ reopen_window_seconds: REOPEN_SECONDS }),
  buildRule({
    rule_id: 'brute-force',
    pattern: { type: ['login.failed'] },
    detector: count({ aggregate: 'count', window_seconds: 300, threshold: 4 }) as never,
    group_by: ['payload.user'],
    title: 'Brute force against {payload.user}',
    reopen_window_seconds: REOPEN_SECONDS,
  }),
  buildRule({
    rule_id: 'many-addresses',
    pattern: { type: ['login.failed'] },
    detector: count({
      aggregate: 'distinct',
      field: 'payload.ip',
      window_seconds: 240,
      threshold: 3,
    }) as never,
    group_by: ['payload.user'],
    title: 'Many addresses of {payload.user}',
    reopen_window_seconds: 0,
  }),
  buildRule({
    rule_id: 'silent',
    detector: { kind: 'absence', window_seconds: 120, grace_seconds: 0, unit: 'metric' },
    title: '{service} fell silent',
    reopen_window_seconds: REOPEN_SECONDS,
  }),
];

interface Put {
  /** Of 0…2. */
  shard: number;
  /** Into its tick, ms. */
  arrives: number;
  /** How old the event says it is, seconds. */
  age: number;
  kind: 'cpu' | 'login' | 'other' | 'bad';
  who: number;
  /** Sent once more, as a producer that saw no answer does. */
  again: boolean;
}
interface Tick {
  puts: Put[];
  /** Ticks that pass first. */
  wait: number;
  /** Which alert, if any, somebody resolves afterwards. */
  resolves: number | undefined;
  /** In which order the shards are worked off. */
  order: number;
  /** Records of a batch. */
  cut: number;
}

const put: fc.Arbitrary<Put> = fc.record({
  shard: fc.nat(2),
  arrives: fc.nat(900),
  age: fc.nat(60),
  kind: fc.constantFrom('cpu', 'login', 'login', 'other', 'bad'),
  who: fc.nat(2),
  again: fc.boolean(),
});
const traffic: fc.Arbitrary<Tick[]> = fc.array(
  fc.record({
    puts: fc.array(put, { maxLength: 8 }),
    wait: fc.integer({ min: 1, max: 12 }),
    resolves: fc.option(fc.nat(5), { nil: undefined, freq: 2 }),
    order: fc.nat(5),
    cut: fc.integer({ min: 1, max: 5 }),
  }),
  { minLength: 1, maxLength: 40, size: 'max' },
);

const ORDERS = [
  [0, 1, 2],
  [2, 1, 0],
  [1, 0, 2],
  [0, 2, 1],
  [2, 0, 1],
  [1, 2, 0],
];

/** Lets the traffic through the live detector and the archive; what then stands, and what was archived. */
async function live(ticks: readonly Tick[], rules: readonly DetectionRule[], snapAt = 0) {
  const harness = createDetectHarness(rules);
  const archive = createMemoryEventArchive();
  let now = START;
  let made = 0;
  let before: Alert[] | undefined;
  const alerts = () => [...harness.tables.alerts.values()].map(({ row }) => row);
  /** What the sweeper does each minute, after `former` and up to `until`. */
  const sweepBetween = async (former: number, until: number) => {
    const first = Math.floor(former / MINUTE_MS + 1) * MINUTE_MS;
    for (let minute = first; minute <= until; minute += MINUTE_MS) {
      harness.clock.now = minute;
      if (minute >= snapAt) before ??= structuredClone(alerts());
      await harness.sweep();
    }
  };
  for (const tick of ticks) {
    const former = now;
    now += tick.wait * TICK_MS;
    if (now >= START + HOUR_MS) {
      now = former;
      break;
    }
    await sweepBetween(former, now);
    if (now >= snapAt) before ??= structuredClone(alerts());
    const records = tick.puts
      .toSorted((a, b) => a.arrives - b.arrives)
      .flatMap((one) => {
        const event = eventOf(one, ++made, now);
        return Array.from({ length: one.again ? 2 : 1 }, () => recordOf(one, event, ++made, now));
      });
    for (const shard of ORDERS[tick.order]!) {
      const own = records.filter((record) => record.shard.endsWith(String(shard)));
      for (let from = 0; from < own.length; from += tick.cut) {
        harness.clock.now = now + 1_500;
        await harness.deliver(own.slice(from, from + tick.cut));
      }
      // The archive cuts its batches elsewhere, and one that failed half-way comes again whole.
      for (const part of [own.slice(0, tick.cut + 1), own, own.slice(tick.cut)])
        if (part.length > 0) await archiveBatch(archive, part);
    }
    harness.clock.now = now + TICK_MS / 2;
    const alert = tick.resolves === undefined ? undefined : alerts()[tick.resolves];
    if (alert && alert.state !== 'RESOLVED')
      await resolve(harness, buildContext(harness.clock), alert.alert_id);
  }
  return {
    archive,
    until: now + TICK_MS,
    alerts: structuredClone(alerts()),
    before: before ?? alerts(),
  };
}

function eventOf({ kind, who, age }: Put, n: number, now: number) {
  if (kind === 'bad') return '{"source":';
  const timestamp = new Date(now - age * 1000).toISOString();
  if (kind === 'cpu') return buildEvent(n, { timestamp, service: `s${who}` });
  const type = kind === 'login' ? 'login.failed' : 'other';
  return buildEvent(n, { timestamp, type, payload: { user: `u${who}`, ip: `10.0.0.${n % 4}` } });
}

function recordOf(put: Put, event: ReturnType<typeof eventOf>, sequence: number, now: number) {
  return buildRecord(sequence, event, {
    shard: `shardId-00000000000${put.shard}`,
    arrived_at_ms: now + put.arrives,
  });
}

async function archiveBatch(
  archive: Parameters<typeof writeArchive>[1]['archive'],
  records: readonly StreamRecord[],
): Promise<void> {
  await writeArchive(
    records.map(({ bytes, ...record }) => ({ ...record, data: bytes })),
    { signingKey: SIGNING_KEY, defaultTenant: 't1', archive },
  );
}

async function replayed(
  { archive, until, alerts }: Awaited<ReturnType<typeof live>>,
  rules: readonly DetectionRule[],
  from: number,
) {
  const warmFrom = Math.max(START, from - warmUpMs(rules));
  const clock = { now: warmFrom };
  const stores = createMemoryReplay(() => clock.now);
  const replay = openReplay({ tenant: 't1', rules, clock, stores, known: alerts });
  const span = { tenant: 't1', from, to: Math.max(until, from) };
  const warm = { ...span, from: warmFrom, to: from };
  const faulty: string[] = [];
  const listener = { read() {}, faulty: (key: string) => void faulty.push(key) };
  for await (const batch of readArchive(archive, warm, listener)) await replay.take(batch);
  await replay.begin(from);
  for await (const batch of readArchive(archive, span, listener)) await replay.take(batch);
  await replay.finish(span.to);
  expect(faulty).toEqual([]);
  return { alerts: stores.alerts(), counts: replay.counts };
}

const told = (alerts: readonly Alert[]) =>
  alerts
    .map(({ alert_id, rule_id, group_key, episode, count: events, first_seen, state }) => ({
      alert_id,
      rule_id,
      group_key,
      episode,
      events,
      first_seen,
      state,
    }))
    .sort((a, b) => (a.alert_id < b.alert_id ? -1 : 1));

describe('replaying the archived hour with the live rules', () => {
  it('yields exactly the live alerts: ids, counts, episodes, states', async () => {
    let opened = 0;
    let episodes = 0;
    let silences = 0;
    await fc.assert(
      fc.asyncProperty(traffic, async (ticks) => {
        const was = await live(ticks, RULES);
        const { alerts } = await replayed(was, RULES, START);
        expect(told(alerts)).toEqual(told(was.alerts));
        opened += alerts.length;
        episodes += alerts.filter(({ episode }) => episode > 1).length;
        silences += alerts.filter(({ rule_id }) => rule_id === 'silent').length;
      }),
      { numRuns: 20, seed: 20_261_123 },
    );
    expect(opened).toBeGreaterThan(100);
    expect(episodes).toBeGreaterThan(20);
    expect(silences).toBeGreaterThan(20);
  }, 120_000);

  it('from its middle on yields the live ids and what each alert counted since', async () => {
    const middle = START + HOUR_MS / 2;
    let kept = 0;
    await fc.assert(
      fc.asyncProperty(traffic, async (ticks) => {
        const was = await live(ticks, RULES, middle);
        const { alerts } = await replayed(was, RULES, middle);
        const counted = new Map(was.before.map((alert) => [alert.alert_id, alert.count]));
        const since = was.alerts
          .map((alert) => ({ ...alert, count: alert.count - (counted.get(alert.alert_id) ?? 0) }))
          .filter((alert) => alert.count > 0);
        kept += since.length;
        const brief = (list: readonly Alert[]) =>
          told(list).map(({ alert_id, events, episode }) => ({ alert_id, events, episode }));
        expect(brief(alerts.filter((alert) => alert.count > 0))).toEqual(brief(since));
      }),
      { numRuns: 20, seed: 20_261_124 },
    );
    expect(kept).toBeGreaterThan(25);
  }, 120_000);
});
