import { describe, expect, it } from 'vitest';

import type { DetectionRule } from '#shared/rule/schema.ts';
import { DetectorConfig } from '#shared/detection/kinds.ts';
import { BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildEvent } from '#shared/testing/build-event.ts';
import { buildRule } from '#shared/testing/build-rule.ts';
import { buildSeries } from '#shared/testing/build-series.ts';
import { buildRecord, createDetectHarness } from '#shared/testing/detect-harness.ts';

const METHODS = ['ewma', 'holt-winters', 'seasonal', 'robust-z'];
const POINTS = 120;
const SPIKE = 100;

/** One rule for each method, quick to warm, all reading the same number. */
const rules: DetectionRule[] = METHODS.map((method) =>
  buildRule({
    rule_id: `latency-${method}`,
    pattern: { type: ['http.request'] },
    detector: DetectorConfig.parse({
      kind: 'statistical',
      method,
      field: 'payload.latency_ms',
      unit: 'ms',
      min_points: 20,
      ...(method === 'holt-winters' && { period_seconds: 1_200, season_knots: 2 }),
    }),
    title: 'Latency of {service} is unusual',
  }),
);

/** Two hours of one point a minute up to now, one service; a burst of three slow ones near the end. */
const records = buildSeries({ seed: 9, points: POINTS, cadence_seconds: 60 }).map(
  ({ value }, index) => {
    const slow = index >= SPIKE && index < SPIKE + 3 ? 500 : 0;
    const timestamp = new Date(Date.parse(BUILT_AT) - (POINTS - index) * 60_000).toISOString();
    return buildRecord(
      1_000 + index,
      buildEvent({
        event_id: `e-${index}`,
        type: 'http.request',
        timestamp,
        payload: { latency_ms: value + slow },
      }),
    );
  },
);

async function run(batchSize: number, deliveries: number) {
  const harness = createDetectHarness(rules);
  for (let from = 0; from < records.length; from += batchSize)
    for (let time = 0; time < deliveries; time++)
      await harness.deliver(records.slice(from, from + batchSize));
  const states = [...harness.tables.series.values()].map(({ row }) => [
    row.rule_id,
    Buffer.from(row.state).toString('hex'),
  ]);
  return { harness, states: Object.fromEntries(states) as Record<string, string> };
}

describe('statistical rules in the detect verb', () => {
  it('open one alert for one anomaly and count its points', async () => {
    const { harness } = await run(records.length, 1);
    const alerts = [...harness.tables.alerts.values()].map(({ row }) => row);
    // One day teaches the weekday profile nothing to judge by: it alone is silent.
    const told = alerts.map(({ rule_id, count, severity }) => `${rule_id} ${count} ${severity}`);
    expect(told.toSorted()).toEqual([
      'latency-ewma 3 ERROR',
      'latency-holt-winters 3 ERROR',
      'latency-robust-z 3 ERROR',
    ]);
    for (const { first_seen, explain } of alerts) {
      expect(Date.parse(first_seen)).toBe(Date.parse(BUILT_AT) - (POINTS - SPIKE) * 60_000);
      expect(explain.summary).toMatch(/^payload\.latency_ms \d+(\.\d)? ms, expected .+ ± .+ ms/);
    }
  });

  it.each([
    [1, 1],
    [7, 2],
    [50, 3],
  ])(
    'in batches of %d delivered %d times change no alert and no byte of state',
    async (size, times) => {
      const clean = await run(records.length, 1);
      const again = await run(size, times);
      expect(again.harness.outcome()).toEqual(clean.harness.outcome());
      expect(again.states).toEqual(clean.states);
      expect(Object.keys(again.states)).toHaveLength(METHODS.length);
    },
  );
});
