import { describe, expect, it } from 'vitest';

import { buildSeries, SERIES_BEGIN, type Sample } from '#shared/testing/build-series.ts';
import { runDetector } from '#shared/testing/run-detector.ts';

import { nextCadence } from './cadence.ts';
import { HoltWintersConfig, RobustZConfig, SeasonalConfig } from './config.ts';
import { kindAt } from './day-kind.ts';
import { holtWintersModel } from './holt-winters.ts';
import type { Model } from './model.ts';
import { isKnown, learnAt, emptyProfile, placeOf, valueAt } from './profile.ts';
import { robustZModel } from './robust-z.ts';
import { seasonalModel } from './seasonal.ts';
import { deviationOf, normalDeviation, tailScore } from './tail.ts';

const DAY = 86_400_000;
const STEP = 300_000;
const COMMON = { kind: 'statistical', field: 'payload.value' } as const;
const holtWinters = (fields: Record<string, unknown> = {}) =>
  HoltWintersConfig.parse({ ...COMMON, method: 'holt-winters', ...fields });
const seasonal = (fields: Record<string, unknown> = {}) =>
  SeasonalConfig.parse({ ...COMMON, method: 'seasonal', ...fields });

/** Teaches a model values as they are, past the frame that holds anomalies back. */
function teach<State>(
  model: Model<State>,
  samples: readonly Sample[],
  value: (one: Sample) => number = (one) => one.clean,
  from = model.empty(),
): State {
  return samples.reduce((state, one) => model.learn(state, one.at, value(one)), from);
}

describe('a profile', () => {
  it('finds the place of any time, before the epoch too', () => {
    expect(placeOf(0, DAY, 48)).toEqual({ left: 0, right: 1, share: 0 });
    expect(placeOf(DAY - 900_000, DAY, 48)).toEqual({ left: 47, right: 0, share: 0.5 });
    expect(placeOf(-DAY - 900_000, DAY, 48)).toEqual({ left: 47, right: 0, share: 0.5 });
  });

  it('knows a time only once both sides of it were seen', () => {
    const at = (hours: number) => placeOf(hours * 3_600_000, DAY, 24);
    const taught = learnAt(learnAt(emptyProfile(24), at(3), 7), at(4), 9);
    expect(valueAt(taught, at(3.5))).toBe(8);
    for (const hours of [3, 3.5, 4, 4.05]) expect(isKnown(taught, at(hours))).toBe(true);
    for (const hours of [2.5, 4.5, 12]) expect(isKnown(taught, at(hours))).toBe(false);
  });

  it('tells the weekend by the calendar', () => {
    const kinds = Array.from({ length: 7 }, (_, day) => kindAt(SERIES_BEGIN + day * DAY));
    expect(kinds.map((kind) => kind === 'weekend')).toEqual(
      Array.from({ length: 7 }, (_, day) => day >= 5),
    );
    expect(kindAt(-1)).toBe('weekday');
    expect(kindAt(-4 * DAY - 1)).toBe('weekend');
  });
});

describe('the usual interval', () => {
  it('is the first one, follows slowly, and takes neither simultaneous points nor gaps for one', () => {
    expect(nextCadence(0, 60)).toBe(60);
    expect(nextCadence(300, 0)).toBe(300);
    expect(nextCadence(100, 200)).toBeCloseTo(105, 9);
    expect(nextCadence(100, 1e9)).toBeLessThanOrEqual(145);
  });
});

describe('Holt-Winters', () => {
  const at = SERIES_BEGIN + 20 * DAY;

  it('follows a trend without lagging behind it', () => {
    const model = holtWintersModel(holtWinters({ trend_half_life_points: 50 }));
    const line = buildSeries({ seed: 1, points: 288 * 20, trend_per_day: 24 });
    const [value] = model.judge(teach(model, line), at, 0);
    expect(Math.abs(value!.expected - (100 + 24 * 20))).toBeLessThan(1);
  });

  it('does not carry a trend over a change of level', () => {
    const model = holtWintersModel(holtWinters({ trend_half_life_points: 50 }));
    const state = teach(model, buildSeries({ seed: 1, points: 288 * 4, trend_per_day: 24 }));
    const adopted = model.adopt!(state, { points: 60, mean: -40, spread: 2 });
    expect(adopted).toMatchObject({ level: state.level - 40, trend: 0, spread: 2 });
  });

  it('forgets a season that changed by the stated half-life', () => {
    const model = holtWintersModel(holtWinters({ season_half_life_periods: 1 }));
    const points = 288 * 20;
    const before = teach(model, buildSeries({ seed: 1, points, daily: 5 }));
    const turned = buildSeries({ seed: 1, points: 288 * 27, daily: -5 }).slice(points);
    const after = teach(model, turned, undefined, before);
    const noon = SERIES_BEGIN + 27 * DAY + DAY / 4;
    const [value] = model.judge(after, noon, 0);
    expect(Math.abs(value!.expected - 95)).toBeLessThan(1.5);
  });
});

describe('the seasonal profile', () => {
  it('grows with a series that grows', () => {
    const model = seasonalModel(seasonal());
    const growing = buildSeries({ seed: 1, points: 288 * 26, daily: 5, trend_per_day: 0.5 });
    const state = teach(model, growing);
    const [value] = model.judge(state, SERIES_BEGIN + 26 * DAY, 0);
    expect(Math.abs(value!.expected - 113)).toBeLessThan(1);
  });

  it('is less sure of days it has seen less often', () => {
    const model = seasonalModel(seasonal());
    const week = buildSeries({ seed: 2, points: 288 * 12 });
    const state = teach(model, week, (one) => one.value);
    const widthsAt = (when: number) => model.judge(state, when, 100).map(({ spread }) => spread);
    const saturday = widthsAt(SERIES_BEGIN + 12 * DAY + DAY / 2);
    const monday = widthsAt(SERIES_BEGIN + 14 * DAY + DAY / 2);
    expect(saturday).toHaveLength(3);
    for (const [index, width] of saturday.entries()) expect(width).toBeGreaterThan(monday[index]!);
  });

  it('learns how far each point echoes the one before', () => {
    const model = seasonalModel(seasonal());
    let echo = 0;
    const echoing = (one: Sample) => (echo = 0.8 * echo + 0.6 * (one.value - one.clean)) + 100;
    const state = teach(model, buildSeries({ seed: 3, points: 288 * 20 }), echoing);
    // An autoregression of 0.8 leaves steps of √(1 − 0.8²) = 0.6.
    expect(state.step_spread / state.spread).toBeGreaterThan(0.5);
    expect(state.step_spread / state.spread).toBeLessThan(0.75);
  });

  it('judges the mean of recent points as it will be with this one', () => {
    const model = seasonalModel(seasonal());
    const series = buildSeries({ seed: 4, points: 288 * 10 });
    let state = teach(model, series, (one) => one.value);
    for (let i = 0; i < 20; i++) {
      const at = SERIES_BEGIN + 10 * DAY + i * STEP;
      const recent = model.judge(state, at, 103)[2]!;
      state = model.learn(state, at, 103);
      expect(recent.observed - recent.expected).toBeCloseTo(state.recent, 9);
    }
  });

  it('scores the rarest of three views, each worth less for there being three', () => {
    const config = seasonal();
    const runner = runDetector(config);
    for (const one of buildSeries({ seed: 5, points: 288 * 10 })) runner.feed(one.at, one.value);
    const at = SERIES_BEGIN + 10 * DAY;
    const state = runner.state() as {
      model: ReturnType<ReturnType<typeof seasonalModel>['empty']>;
    };
    const views = seasonalModel(config).judge(state.model, at, 130);
    const best = Math.max(
      ...views.map((view) => tailScore(normalDeviation(deviationOf(view), view.freedom), 2)),
    );
    expect(runner.feed(at, 130).score).toBeCloseTo(best - Math.log10(3), 9);
  });
});

describe.each([
  ['holt-winters', holtWinters()],
  ['seasonal', seasonal()],
] as const)('%s', (_method, config) => {
  const steep = buildSeries({ seed: 6, points: 288 * 12, daily: 30 });

  it('judges nothing before it has seen a whole day', () => {
    const runner = runDetector(config);
    for (const one of steep.slice(0, 288)) runner.feed(one.at, one.value);
    expect(runner.updates.filter(({ score }) => score !== 0)).toEqual([]);
  });

  it('judges nothing at a time of day it has never seen', () => {
    const runner = runDetector(config);
    const awake = ({ at }: Sample) => at % DAY < DAY / 12 || at % DAY > DAY / 4;
    for (const one of steep.filter(awake)) runner.feed(one.at, one.value);
    const night = SERIES_BEGIN + 14 * DAY + DAY / 6;
    expect(runner.feed(night, 500)).toMatchObject({ score: 0 });
    expect(runner.feed(night + DAY / 4, 500).match).toBeDefined();
  });

  it('learns nothing of a late point', () => {
    const runner = runDetector(config);
    for (const one of steep) runner.feed(one.at, one.value);
    const { model } = runner.state() as { model: unknown };
    runner.feed(steep.at(-1)!.at - 60_000, 101);
    expect((runner.state() as { model: unknown }).model).toBe(model);
  });
});

describe('the robust window', () => {
  const config = RobustZConfig.parse({ ...COMMON, method: 'robust-z', window_points: 16 });
  const model = robustZModel(config);

  it('holds the latest points in order of time, however they came', () => {
    let state = model.empty();
    const order = [5, 1, 3, 2, 4, 9, 7, 8, 6, 20, 11, 12, 10, 14, 13, 15, 16, 19, 18, 17];
    for (const place of order) state = model.learn(state, place * 1_000, place * 10);
    const latest = Array.from({ length: 16 }, (_, index) => 5 + index);
    expect(state.times).toEqual(latest.map((place) => place * 1_000));
    expect(state.values).toEqual(latest.map((place) => place * 10));
    expect(model.learn(state, 4_000, 0)).toEqual(state);
  });

  it('expects the median and measures by the median deviation', () => {
    const values = [1, 2, 3, 4, 100, -50, 3.5];
    const state = values.reduce((now, value, i) => model.learn(now, i, value), model.empty());
    // Sorted: −50 1 2 3 3.5 4 100; distances from 3: 0 0.5 1 1 2 53 97.
    expect(model.judge(state, 9, 7)).toEqual([
      { name: 'value', observed: 7, expected: 3, spread: 1 / 0.6745, freedom: 7 * 0.37 },
    ]);
  });

  it('takes the mean square where most values are equal', () => {
    const runner = runDetector(
      RobustZConfig.parse({ ...COMMON, method: 'robust-z', window_points: 60 }),
    );
    for (let i = 0; i < 200; i++) runner.feed(i * 1_000, i % 4 === 0 ? 6 : 5);
    expect(runner.updates.some(({ match }) => match)).toBe(false);
    expect(runner.feed(200_000, 30).match).toBeDefined();
  });
});
