import { beforeEach, describe, expect, it } from 'vitest';

import { SentryError } from '#shared/kernel/error.ts';
import { BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildEvent, buildRule } from '#shared/testing/build-finding.ts';
import {
  buildRecord,
  createDetectHarness,
  type DetectHarness,
} from '#shared/testing/detect-harness.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';

const MINUTE = 60_000;
const heartbeats = (fields: Partial<DetectionRule> = {}) =>
  buildRule({
    rule_id: 'heartbeat-missing',
    pattern: { type: ['heartbeat'] },
    detector: { kind: 'absence', window_seconds: 300, grace_seconds: 0, unit: 'heartbeat' },
    title: 'No heartbeat of {service} from {payload.host}',
    ...fields,
  });

let harness: DetectHarness;
let sequence: number;
beforeEach(() => {
  harness = createDetectHarness([heartbeats()]);
  sequence = 0;
});

/** A heartbeat of now, or of `agoMs` before. */
async function beat(service = 'checkout', agoMs = 0): Promise<void> {
  sequence++;
  const timestamp = new Date(harness.clock.now - agoMs).toISOString();
  const event = buildEvent(sequence, {
    type: 'heartbeat',
    service,
    timestamp,
    payload: { host: `${service}-1`, filler: 'x'.repeat(9_000) },
  });
  await harness.deliver([buildRecord(sequence, event, { arrived_at_ms: harness.clock.now })]);
}
async function pass(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    harness.clock.now += MINUTE;
    await harness.sweep();
  }
}
const alerts = () => [...harness.tables.alerts.values()].map(({ row }) => row);
const actions = () => [...harness.tables.journal.values()].map(({ row }) => row.action);
const row = () => [...harness.tables.series.values()][0]!.row;

describe('a series that falls silent', () => {
  it('opens one alert in the minute after its window, with the last event as evidence, and tells people', async () => {
    await beat();
    await pass(4);
    expect(alerts()).toEqual([]);
    await pass(60);
    expect(alerts()).toHaveLength(1);
    expect(alerts()[0]).toMatchObject({
      state: 'OPEN',
      severity: 'ERROR',
      title: 'No heartbeat of checkout from checkout-1',
      group: { service: 'checkout' },
      count: 1,
      first_seen: BUILT_AT,
      created_at: new Date(Date.parse(BUILT_AT) + 5 * MINUTE).toISOString(),
      explain: { detector: 'absence', summary: 'no heartbeat for 5 min' },
    });
    expect(alerts()[0]!.evidence.first).toMatchObject([{ event_id: 'e-1', type: 'heartbeat' }]);
    expect(harness.tables.deliveries.size).toBeGreaterThan(0);
    expect(actions()).toEqual(['alert.open']);
    expect(row().due_at).toBeUndefined();
  });

  it('is found only while it is silent, and only it', async () => {
    await beat('checkout');
    await beat('search');
    for (let minute = 0; minute < 20; minute++) {
      await beat('checkout');
      await pass(1);
    }
    expect(alerts().map(({ service }) => service)).toEqual(['search']);
  });

  it('resolves its alert by itself when it is heard again, and is found again the next time', async () => {
    await beat();
    await pass(12);
    await beat();
    expect(alerts()[0]).toMatchObject({ state: 'RESOLVED', resolved_by: 'system:detector' });
    const [, resolved] = [...harness.tables.journal.values()].map((kept) => kept.row);
    expect(resolved).toMatchObject({
      action: 'alert.resolve',
      actor: 'system:detector',
      reason: 'heard again after 12 min',
    });
    expect([...harness.tables.pointers.values()][0]!.row.state).toBe('RESOLVED');
    await pass(5);
    expect(alerts()[0]).toMatchObject({ state: 'OPEN', count: 2 });
    expect(actions()).toEqual(['alert.open', 'alert.resolve', 'alert.reopen']);
  });

  it('resolves also what somebody acknowledged, and leaves alone what somebody resolved', async () => {
    await beat();
    await pass(6);
    const { alerts: table } = harness.tables;
    const [kept] = table.values();
    kept!.row = { ...kept!.row, state: 'RESOLVED', resolved_at: BUILT_AT, resolved_by: 'user:ada' };
    await beat();
    expect(alerts()[0]).toMatchObject({ state: 'RESOLVED', resolved_by: 'user:ada' });
    kept!.row = { ...kept!.row, state: 'ACK' };
    await pass(6);
    await beat();
    expect(alerts()[0]!.resolved_by).toBe('system:detector');
  });

  it('is not called silent for events that wait in our own stream', async () => {
    await beat();
    const late = { shard: 'shardId-000000000001', arrived_at: BUILT_AT };
    const noted = () => new Date(harness.clock.now).toISOString();
    for (let minute = 0; minute < 20; minute++) {
      await harness.lanes.note({ ...late, noted_at: noted() });
      await pass(1);
    }
    expect(alerts()).toEqual([]);
    await harness.lanes.note({ ...late, arrived_at: noted(), noted_at: noted() });
    await harness.sweep();
    expect(alerts()).toHaveLength(1);
  });

  it('is due no more once its rule is gone, disabled or of another kind, and again with the next event', async () => {
    const others: DetectionRule[][] = [
      [],
      [heartbeats({ state: 'DISABLED' })],
      [heartbeats({ detector: { kind: 'match' } })],
    ];
    for (const rules of others) {
      await beat();
      expect(row().due_at).toBeDefined();
      harness.useRules(rules);
      await pass(6);
      expect(row().due_at).toBeUndefined();
      harness.useRules([heartbeats()]);
      await pass(6);
      expect(alerts()).toEqual([]);
    }
  });

  it('waits for the new window when its rule was given a longer one', async () => {
    await beat();
    const detector = { kind: 'absence' as const, window_seconds: 1200, grace_seconds: 0 };
    harness.useRules([heartbeats({ detector })]);
    await pass(19);
    expect(alerts()).toEqual([]);
    await pass(1);
    expect(alerts()).toHaveLength(1);
  });

  it('of a staged rule is recorded and told to nobody', async () => {
    harness.useRules([heartbeats({ state: 'STAGED' })]);
    await beat();
    await pass(6);
    expect(alerts()[0]!.suppressed_by).toEqual([{ reason: 'staging' }]);
    expect(harness.tables.deliveries.size).toBe(0);
  });
});

describe('a sweep', () => {
  it('that dies before or after its commit finds each silence once all the same', async () => {
    for (const when of ['before', 'after'] as const) {
      harness = createDetectHarness([heartbeats()]);
      await beat();
      harness.clock.now += 6 * MINUTE;
      const dying = {
        ...harness.work,
        async commit(commit: Parameters<typeof harness.work.commit>[0]) {
          if (when === 'after') await harness.work.commit(commit);
          throw new SentryError('unavailable', 'killed');
        },
      };
      await expect(harness.sweep(dying)).rejects.toMatchObject({ code: 'unavailable' });
      await pass(3);
      expect(alerts()).toMatchObject([{ count: 1, episode: 1 }]);
      expect(actions()).toEqual(['alert.open']);
    }
  });

  it('that loses to an event in the last moment finds nothing', async () => {
    await beat();
    harness.clock.now += 6 * MINUTE;
    let raced = false;
    const racing = {
      ...harness.work,
      async commit(commit: Parameters<typeof harness.work.commit>[0]) {
        if (!raced) {
          raced = true;
          await beat();
        }
        await harness.work.commit(commit);
      },
    };
    expect(await harness.sweep(racing)).toMatchObject({ due: 1, found: 0 });
    expect(alerts()).toEqual([]);
    expect(row().due_at).toBe(new Date(harness.clock.now + 5 * MINUTE).toISOString());
  });

  it('run twice at once finds each silence once', async () => {
    for (const service of ['a', 'b', 'c', 'd', 'e']) await beat(service);
    harness.clock.now += 6 * MINUTE;
    const [one, two] = await Promise.all([harness.sweep(), harness.sweep()]);
    expect(one.found + two.found).toBe(5);
    expect(alerts().map(({ count }) => count)).toEqual([1, 1, 1, 1, 1]);
  });

  it('judges all others when one cannot be judged, and says that something failed', async () => {
    await beat('a');
    await beat('b');
    const broken = [...harness.tables.series.values()].find((kept) =>
      kept.row.series_key.includes('a'),
    )!;
    broken.row = { ...broken.row, last_event_json: '{' };
    harness.clock.now += 6 * MINUTE;
    await expect(harness.sweep()).rejects.toMatchObject({ code: 'unavailable' });
    expect(alerts().map(({ service }) => service)).toEqual(['b']);
  });

  it('after redelivery of everything finds and takes back exactly the same', async () => {
    const play = async (times: number) => {
      harness = createDetectHarness([heartbeats()]);
      const batches = Array.from({ length: 40 }, (_, n) =>
        buildRecord(
          n,
          buildEvent(n, {
            type: 'heartbeat',
            service: `s${n % 3}`,
            timestamp: new Date(Date.parse(BUILT_AT) + n * (n % 3) * MINUTE).toISOString(),
          }),
          { arrived_at_ms: Date.parse(BUILT_AT) + n * 2 * MINUTE },
        ),
      );
      for (const [n, record] of batches.entries()) {
        for (let time = 0; time < times; time++) {
          await harness.deliver([...batches.slice(Math.max(0, n - time), n), record]);
          await harness.deliver([record]);
        }
        await pass(2);
      }
      const { touches: _shown, ...tables } = harness.tables;
      return structuredClone(tables);
    };
    const once = await play(1);
    expect([...once.alerts.values()].length).toBeGreaterThan(1);
    expect(await play(3)).toEqual(once);
  });
});
