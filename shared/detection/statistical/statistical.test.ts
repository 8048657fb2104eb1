import { describe, expect, it } from 'vitest';

import { DetectorConfig } from '#shared/detection/kinds.ts';
import { describeDetector } from '#shared/detection/registry.ts';
import { buildSeries, type Sample, type SeriesShape } from '#shared/testing/build-series.ts';
import { runDetector } from '#shared/testing/run-detector.ts';

const SEEDS = [1, 2, 3, 4, 5];
const FAULT_SPREADS = 8;

function settings(method: string, fields: Record<string, unknown> = {}): DetectorConfig {
  return DetectorConfig.parse({
    kind: 'statistical',
    method,
    field: 'payload.value',
    unit: 'ms',
    ...fields,
  });
}

/** Each method with a series of the kind it is for: 5-minute points of noise 1. */
const KINDS: readonly { method: string; shape: Omit<SeriesShape, 'seed'> }[] = [
  { method: 'ewma', shape: { points: 3_000 } },
  { method: 'robust-z', shape: { points: 3_000 } },
  { method: 'holt-winters', shape: { points: 288 * 10, daily: 5, trend_per_day: 1 } },
  { method: 'seasonal', shape: { points: 288 * 26, daily: 5, weekend: -4 } },
];
const CASES = KINDS.flatMap((kind) => SEEDS.map((seed) => ({ ...kind, seed })));

/** Feeds a series; `bend` says what becomes of a sample. */
function run(config: DetectorConfig, series: readonly Sample[], bend = (one: Sample) => one.value) {
  const runner = runDetector(config);
  for (const sample of series) runner.feed(sample.at, bend(sample));
  return runner;
}

describe.each(CASES)('$method, seed $seed', ({ method, shape, seed }) => {
  const series = buildSeries({ ...shape, seed });
  const begin = series.length - 200;
  const from = series[begin]!.at;
  const firedAt = (runner: ReturnType<typeof run>) =>
    runner.updates.flatMap(({ match }, index) => (match === undefined ? [] : [index]));

  it('stays quiet on the clean series, and finite', () => {
    const runner = run(settings(method), series);
    expect(firedAt(runner)).toEqual([]);
    expect(runner.updates.every(({ score }) => Number.isFinite(score))).toBe(true);
  });

  it.each([
    ['above', FAULT_SPREADS],
    ['below', -FAULT_SPREADS],
  ] as const)('finds one spike %s as one finding of one event', (direction, height) => {
    const runner = run(settings(method, { direction }), series, ({ at, clean, value }) =>
      at === from ? clean + height : value,
    );
    expect(firedAt(runner)).toEqual([begin]);
    expect(runner.updates[begin]!.match).toMatchObject({ occurrences: 1, since: from });
    expect(runner.updates[begin]!.match).not.toHaveProperty('warming');
  });

  it('does not look where it was not asked to', () => {
    const runner = run(settings(method, { direction: 'below' }), series, ({ at, clean, value }) =>
      at === from ? clean + FAULT_SPREADS : value,
    );
    expect(firedAt(runner)).toEqual([]);
  });

  it('finds a shift of level at once as one finding, and takes it for normal after the stated time', () => {
    const shifted = run(settings(method), series, ({ at, value }) =>
      at >= from ? value + FAULT_SPREADS : value,
    );
    const fired = firedAt(shifted);
    expect(fired[0]).toBe(begin);
    const sinces = new Set(fired.map((index) => shifted.updates[index]!.match!.since));
    expect([...sinces]).toEqual([from]);
    // 60 points are adopted, a few of which may look normal; a window of 120 is half full before.
    expect(fired.length).toBeGreaterThanOrEqual(method === 'robust-z' ? 15 : 50);
    expect(fired.at(-1)).toBeLessThan(begin + 80);
  });

  it('finds an outage to zero and the finding counts on while it lasts', () => {
    const down = run(settings(method), series, ({ at, value }) =>
      at >= from && at < from + 20 * 300_000 ? 0 : value,
    );
    expect(firedAt(down).slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, i) => begin + i));
    const last = down.updates[begin + 19]!.match!;
    expect(last.since).toBe(from);
    expect(last.explain.values!['finding_points']).toBe('20');
  });
});

describe('the time of an event, not its number', () => {
  it.each(['holt-winters', 'seasonal'])(
    'keeps the season of %s in its place over gaps of any length',
    (method) => {
      const shape = { seed: 3, points: 288 * 26, daily: 10 };
      const gappy = buildSeries(shape).filter(
        // Seven hours are missing every other day, and one and a half days once.
        ({ at }, index) =>
          !(Math.floor(index / 288) % 2 === 1 && index % 288 > 60 && index % 288 < 144) &&
          !(index > 288 * 20 && index < 288 * 21.5 && at > 0),
      );
      expect(run(settings(method), gappy).findings()).toEqual([]);
      // The height of noon at midnight is an anomaly by its time only.
      const spike = run(settings(method), gappy, ({ at, clean, value }) =>
        at === gappy.at(-1)!.at ? clean + 9 : value,
      );
      expect(spike.findings()).toHaveLength(1);
    },
  );

  it('learns weekends apart from working days, in the time zone given', () => {
    // A service whose weekend begins nine hours before the one of UTC.
    const tokyo = buildSeries({ seed: 4, points: 288 * 26, daily: 5, weekend: -30 }).map(
      (sample) => ({ ...sample, at: sample.at - 9 * 3_600_000 }),
    );
    const quiet = run(settings('seasonal', { utc_offset_minutes: 540 }), tokyo);
    expect(quiet.findings()).toEqual([]);
    expect(run(settings('seasonal'), tokyo).findings()).not.toEqual([]);
  });

  it('weighs points by their age when EWMA has a half-life in seconds, in whatever order they come', () => {
    // The least spread is so wide that nothing is tempered.
    const config = settings('ewma', {
      half_life_seconds: 600,
      lateness_seconds: 900,
      spread_min: 10,
    });
    const samples = buildSeries({ seed: 5, points: 300, cadence_seconds: 60 });
    const newest = samples.at(-1)!.at;
    const weights = samples.map(({ at }) => 2 ** (-(newest - at) / 600_000));
    const mean =
      samples.reduce((sum, { value }, index) => sum + value * weights[index]!, 0) /
      weights.reduce((sum, weight) => sum + weight, 0);
    const blocks = Array.from({ length: 30 }, (_, block) =>
      samples.slice(block * 10, block * 10 + 10),
    );
    for (const ordered of [samples, blocks.flatMap((block) => block.toReversed())]) {
      const { model } = run(config, ordered).state() as { model: { mean: number } };
      expect(model.mean).toBeCloseTo(mean, 9);
    }
  });
});

describe('a new series', () => {
  it('says that it is warming until it has seen enough points, and how many', () => {
    const series = buildSeries({ seed: 1, points: 60 });
    const config = settings('ewma', { min_points: 50 });
    const early = run(config, series.slice(0, 30));
    const { match } = early.feed(series[30]!.at, 500);
    expect(match).toMatchObject({ occurrences: 1, warming: true });
    expect(match!.explain.values!['series_points']).toBe('30 of 50 to warm up');
    const late = run(config, series);
    expect(late.feed(series[59]!.at + 300_000, 500).match).not.toHaveProperty('warming');
  });

  it.each([
    ['holt-winters', 1.9, 2.1],
    ['seasonal', 1.9, 2.1],
  ])('of %s warms until two periods were seen, however many points', (method, before, after) => {
    const series = buildSeries({ seed: 2, points: 1440 * 3, cadence_seconds: 60 });
    const at = (days: number) => {
      const runner = run(settings(method), series.slice(0, Math.floor(1440 * days)));
      return runner.feed(series[Math.floor(1440 * days)]!.at, 500).match;
    };
    expect(at(before)).toMatchObject({ warming: true });
    expect(at(after)).toBeDefined();
    expect(at(after)).not.toHaveProperty('warming');
  });

  it('takes no finding from its first eight points, whatever they are', () => {
    for (const { method } of KINDS)
      for (const eighth of [0, 101, 1e9, -1e300]) {
        const runner = runDetector(settings(method));
        for (let i = 0; i < 7; i++) runner.feed(i * 60_000, 100);
        expect(runner.feed(420_000, eighth).match).toBeUndefined();
      }
  });
});

describe('a finding', () => {
  it('ends after the stated points below the threshold, then the next is another', () => {
    const series = buildSeries({ seed: 6, points: 400 });
    // 29 calm points before the second, 30 before the third.
    const spikes = new Set([200, 230, 261]);
    const bend = ({ at, value, clean }: Sample) =>
      spikes.has(series.findIndex((one) => one.at === at)) ? clean + 20 : value;
    const runner = run(settings('ewma', { refractory_points: 30 }), series, bend);
    const found = runner.findings().map(({ match }) => match!);
    expect(found.map(({ since }) => series.findIndex(({ at }) => at === since))).toEqual([
      200, 200, 261,
    ]);
    expect(found.map(({ explain }) => explain.values!['finding_points'])).toEqual(['1', '2', '1']);
  });

  it('explains itself: expected, observed, score, window and what contributed', () => {
    const runner = runDetector(settings('ewma', { half_life_seconds: 600 }));
    for (let i = 0; i < 100; i++) runner.feed(i * 60_000, i % 2 === 0 ? 40 : 44);
    const { match, score } = runner.feed(6_000_000, 310);
    expect(match!.explain).toEqual({
      detector: 'statistical',
      summary: expect.stringMatching(
        /^payload\.value 310 ms, expected 4[12](\.\d)? ± 2\.\d+ ms \(score \d+(\.\d)?\)$/,
      ),
      expected: expect.stringMatching(/^4[12](\.\d)? ± 2\.\d+ ms, by its recent mean$/),
      observed: '310 ms',
      score,
      window_seconds: 600,
      values: {
        method: 'ewma',
        field: 'payload.value',
        value: '310',
        judged_by: 'value',
        expected: expect.stringMatching(/^4[12](\.\d)?$/),
        spread: expect.stringMatching(/^2\.\d+$/),
        deviation_in_spreads: expect.stringMatching(/^1[23]\d$/),
        threshold_score: '6',
        peak_score: expect.any(String),
        finding_points: '1',
        series_points: '100',
        window: '10 min',
      },
    });
  });

  it('says in a line when it fires', () => {
    expect(describeDetector(settings('ewma', { direction: 'above' }))).toBe(
      'payload.value above its recent mean, score ≥ 6',
    );
    expect(describeDetector(settings('seasonal', { threshold: 8 }))).toBe(
      'payload.value unlike its time of day and kind of day, score ≥ 8',
    );
  });
});
