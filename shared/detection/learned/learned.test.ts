import { describe, expect, it } from 'vitest';

import { DetectorConfig } from '#shared/detection/kinds.ts';
import { checkDetector, describeDetector } from '#shared/detection/registry.ts';
import { buildSeries, type Sample } from '#shared/testing/build-series.ts';
import { runDetector } from '#shared/testing/run-detector.ts';

function settings(fields: Record<string, unknown> = {}): DetectorConfig {
  return DetectorConfig.parse({ kind: 'learned', field: 'payload.value', unit: 'ms', ...fields });
}

/** Feeds a series; `bend` says what becomes of a sample. */
function run(
  series: readonly Sample[],
  bend: (sample: Sample, index: number) => number = ({ value }) => value,
  fields: Record<string, unknown> = {},
) {
  const runner = runDetector(settings(fields));
  for (const [index, sample] of series.entries()) runner.feed(sample.at, bend(sample, index));
  return runner;
}

function firedAt(runner: ReturnType<typeof run>): number[] {
  return runner.updates.flatMap(({ match }, index) => (match === undefined ? [] : [index]));
}

const SHAPES = [
  ['flat', {}],
  ['daily', { daily: 6 }],
  ['weekly', { daily: 6, weekend: -8 }],
  ['rising', { trend_per_day: 0.3 }],
] as const;

describe.each(SHAPES)('a %s series', (_name, shape) => {
  const series = buildSeries({ seed: 3, points: 288 * 24, ...shape });
  const fault = 288 * 20 + 100;

  it('fires on a lone spike of ten spreads when it comes, either way', () => {
    for (const height of [10, -10]) {
      const fired = firedAt(
        run(series, ({ value }, index) => (index === fault ? value + height : value)),
      );
      expect(fired).toContain(fault);
    }
  });

  it('fires within two hours of a lasting shift of ten spreads, and not again while it lasts', () => {
    const fired = firedAt(
      run(series, ({ value }, index) =>
        index >= fault && index < fault + 60 ? value + 10 : value,
      ),
    ).filter((index) => index >= fault && index < fault + 60);
    expect(fired[0]).toBeLessThan(fault + 24);
    expect(fired.length).toBeLessThanOrEqual(3);
  });

  it('is all but silent on the clean series once two weeks are known', () => {
    expect(firedAt(run(series)).filter((index) => index > 288 * 14).length).toBeLessThanOrEqual(1);
  });
});

it('fires on the tenth spike of a kind as on the first: faults are not learned as normal', () => {
  const series = buildSeries({ seed: 5, points: 288 * 30 });
  const faults = Array.from({ length: 10 }, (_, nth) => 288 * (8 + 2 * nth) + 37 * nth);
  const fired = firedAt(
    run(series, ({ value }, index) => (faults.includes(index) ? value + 14 : value)),
  );
  for (const fault of faults) expect(fired).toContain(fault);
});

it('holds weekdays and weekends apart by the time of the event, however many points a day has', () => {
  const whole = buildSeries({ seed: 6, points: 288 * 28, daily: 6, weekend: -12 });
  const sparse = whole.filter((_, index) => (index * 7919) % 10 < 4);
  const fired = firedAt(run(sparse)).filter((index) => sparse[index]!.at > whole[288 * 21]!.at);
  expect(fired).toEqual([]);
});

it('goes on after a gap of two days without a finding', () => {
  const series = buildSeries({ seed: 7, points: 288 * 16, daily: 6 });
  const gap = series.filter((_, index) => index < 288 * 12 || index >= 288 * 14);
  expect(firedAt(run(gap)).filter((index) => index >= 288 * 12)).toEqual([]);
});

it('takes points a little out of order, and skips what is far behind', () => {
  const series = buildSeries({ seed: 8, points: 2_000 });
  const swapped = series.map((_, index) => series[index % 2 === 0 ? index + 1 : index - 1]!);
  const runner = run(swapped);
  expect(runner.updates.every(({ skipped }) => skipped === undefined)).toBe(true);
  expect(firedAt(runner).filter((index) => index > 300)).toEqual([]);
  expect(runner.feed(series[1_000]!.at, 1e6)).toMatchObject({
    skipped: 'much older than the newest point',
  });
});

it('judges an ever-growing total by its rate, and takes a restart for no fault', () => {
  const series = buildSeries({ seed: 9, points: 288 * 12, level: 100 });
  let total = 1e9;
  const totals = series.map(({ at, value }, index) => {
    total = index % 700 === 699 ? value : total + value + (index === 288 * 11 ? 60 : 0);
    return { at, value: total, clean: 0 };
  });
  const fired = firedAt(run(totals));
  expect(fired).toContain(288 * 11);
  expect(fired.filter((index) => index > 300 && index !== 288 * 11)).toEqual([]);
});

it('tells at INFO only while it has seen few points', () => {
  const series = buildSeries({ seed: 10, points: 1_000 });
  const early = run(series.slice(0, 100)).feed(series[100]!.at, 1e4).match;
  const late = run(series.slice(0, 900)).feed(series[900]!.at, 1e4).match;
  expect(early?.warming).toBe(true);
  expect(late).toBeDefined();
  expect(late?.warming).toBeUndefined();
});

it('looks one way only when told to', () => {
  const series = buildSeries({ seed: 11, points: 3_000 });
  const next = series.at(-1)!.at + 300_000;
  for (const [direction, value] of [
    ['above', 60],
    ['below', 140],
  ] as const)
    expect(run(series, undefined, { direction }).feed(next, value).match).toBeUndefined();
  expect(run(series, undefined, { direction: 'above' }).feed(next, 140).match).toBeDefined();
});

it('explains a finding in plain numbers', () => {
  const series = buildSeries({ seed: 12, points: 3_000 });
  const { match, score } = run(series).feed(series.at(-1)!.at + 300_000, 140);
  expect(match?.explain).toMatchObject({ detector: 'learned', observed: '140 ms', score });
  expect(match?.explain.summary).toMatch(
    /^140 ms where about (99|100|101)(\.\d+)? ms is usual, score \d+\.\d of 6$/,
  );
  expect(match?.explain.expected).toMatch(/^about \d+(\.\d+)? ms ± [01](\.\d+)?$/);
  expect(match?.explain.window_seconds).toBe(2_400);
  expect(match?.explain.values).toMatchObject({ field: 'payload.value', threshold: '6' });
});

it('gives a score with every point taken, zero for what was just told', () => {
  const series = buildSeries({ seed: 13, points: 2_000 });
  const runner = run(series);
  expect(runner.updates.every(({ score }) => score !== undefined && score >= 0)).toBe(true);
  const next = series.at(-1)!.at + 300_000;
  expect(runner.feed(next, 200).score).toBeGreaterThan(6);
  expect(runner.feed(next + 300_000, 190).score).toBe(0);
});

it('says in a list when it fires, and refuses a path no event has', () => {
  expect(describeDetector(settings())).toBe('payload.value unlike its own past, score ≥ 6');
  expect(describeDetector(settings({ direction: 'above', threshold: 8 }))).toBe(
    'payload.value unusually high, score ≥ 8',
  );
  expect(checkDetector(settings({ field: 'value' }))).toEqual([
    {
      path: 'detector.field',
      message: 'events have no field "value"; did you mean "payload.value"?',
    },
  ]);
});
