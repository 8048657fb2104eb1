import { describe, expect, it } from 'vitest';

import { ThresholdConfig } from './config.ts';
import { thresholdKind } from './threshold.ts';

const BASE = Date.parse('2026-03-01T00:00:00.000Z');
const REQUESTS = ThresholdConfig.parse({
  kind: 'threshold',
  aggregate: 'rate',
  window_seconds: 60,
  threshold: 2,
  unit: 'requests',
});
const BYTES = ThresholdConfig.parse({
  ...REQUESTS,
  field: 'payload.bytes',
  per_seconds: 3600,
  threshold: 60_000,
  unit: 'bytes',
});

function run(config: ThresholdConfig, everyMs: number, count: number, value?: number) {
  const detector = thresholdKind.init(config);
  let state = detector.empty();
  let occurrences = 0;
  for (let index = 0; index < count; index++) {
    const at = BASE + index * everyMs;
    const update = detector.update(state, { event_id: '', at, stated_at: at, value });
    state = update.state;
    if (update.match === undefined) continue;
    occurrences += update.match.occurrences;
    return { index, occurrences, explain: update.match.explain, state };
  }
  return { index: undefined, occurrences, explain: undefined, state };
}

describe('the rate of a threshold', () => {
  it('is that of all events over the whole window', () => {
    const busy = run(REQUESTS, 500, 1000);
    expect(busy).toMatchObject({ index: 119, occurrences: 120 });
    expect(busy.explain).toMatchObject({
      summary: '2 requests/s in 1 min, limit 2',
      values: { aggregate: 'rate', per_seconds: '1', value: '2', events: '120' },
    });
    expect(run(REQUESTS, 510, 1000).occurrences).toBe(0);
  });

  it('is that of what a field adds up to, per the time that is asked for', () => {
    const { index, explain } = run(BYTES, 6_000, 20, 100);
    expect(index).toBe(9);
    expect(explain!.summary).toBe('60000 bytes/h in 1 min, limit 60000');
    expect(run(BYTES, 6_001, 20, 99).index).toBeUndefined();
  });

  it('is judged in slots once the series is too busy, and still within a slot of it', () => {
    const busy = { ...REQUESTS, threshold: 50 };
    const found = run(busy, 18, 10_000);
    expect(found.state.kind).toBe('slots');
    expect(found.index).toBeGreaterThan(2_900);
    expect(found.index).toBeLessThan(3_100);
    expect(run(busy, 21, 10_000).index).toBeUndefined();
  });

  it('reads as a line', () => {
    expect(thresholdKind.describe(REQUESTS)).toBe('rate ≥ 2 requests/s in 1 min');
    expect(thresholdKind.describe(BYTES)).toBe('rate of payload.bytes ≥ 60000 bytes/h in 1 min');
  });

  it('asks for what it needs, and refuses what belongs to another aggregate', () => {
    const wrong = (change: object) =>
      ThresholdConfig.safeParse({ ...REQUESTS, ...change }).error?.issues[0]?.path;
    expect(wrong({ percentile: 99 })).toEqual(['percentile']);
    expect(wrong({ aggregate: 'count', per_seconds: 60 })).toEqual(['per_seconds']);
    expect(wrong({ per_seconds: 60 })).toBeUndefined();
  });
});
