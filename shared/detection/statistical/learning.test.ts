import { describe, expect, it } from 'vitest';

import { DetectorConfig } from '#shared/detection/kinds.ts';
import { buildSeries } from '#shared/testing/build-series.ts';
import { runDetector } from '#shared/testing/run-detector.ts';

const MINUTE = 60_000;

function run(fields: Record<string, unknown>) {
  return runDetector(
    DetectorConfig.parse({
      kind: 'statistical',
      method: 'ewma',
      field: 'payload.value',
      ...fields,
    }),
  );
}

const noise = (points: number) =>
  buildSeries({ seed: 11, points, cadence_seconds: 60, level: 100 }).map(({ value }) => value);

describe('what is learned', () => {
  it('while warming is every point, so that a change then is normal when trust begins', () => {
    const runner = run({ min_points: 120 });
    for (const [index, value] of noise(240).entries())
      runner.feed(index * MINUTE, index < 80 ? value : value + 10);
    expect(runner.findings()).toEqual([]);
  });

  it('is nothing of an anomaly: two points of every eight may be one for ever without becoming normal', () => {
    const runner = run({});
    for (const [index, value] of noise(800).entries())
      runner.feed(index * MINUTE, index >= 200 && index % 8 < 2 ? value + 20 : value);
    expect(runner.findings()).toHaveLength(150);
    const { model } = runner.state() as { model: { mean: number; spread: number } };
    expect(Math.abs(model.mean - 100)).toBeLessThan(1);
    expect(model.spread).toBeLessThan(1.5);
  });

  it('of a lasting change takes the stated time, the second time as well', () => {
    const runner = run({ adopt_after_points: 40 });
    const fired = noise(600).flatMap((value, index) => {
      const shift = index >= 250 ? 60 : index >= 200 ? 30 : 0;
      return runner.feed(index * MINUTE, value + shift).match === undefined ? [] : [index];
    });
    expect(fired).toEqual([
      ...Array.from({ length: 40 }, (_, i) => 200 + i),
      ...Array.from({ length: 40 }, (_, i) => 250 + i),
    ]);
  });

  it('of wilder noise becomes the new spread, so that it stops being news', () => {
    const runner = run({});
    const values = noise(1_200);
    const fired = values.flatMap((value, index) => {
      const wild = index >= 300 ? 100 + (value - 100) * 12 : value;
      return runner.feed(index * MINUTE, wild).match === undefined ? [] : [index];
    });
    expect(fired[0]).toBeLessThan(305);
    expect(fired.at(-1)).toBeLessThan(500);
  });

  it('survives a gap of any length', () => {
    const runner = run({ half_life_seconds: 600 });
    for (const [index, value] of noise(300).entries()) runner.feed(index * MINUTE, value);
    const later = 300 * MINUTE + 365 * 86_400_000;
    expect(runner.feed(later, 100.5).match).toBeUndefined();
    expect(runner.feed(later + MINUTE, 115).match).not.toHaveProperty('warming');
    expect(runner.findings()).toHaveLength(1);
  });

  it('does not tell −0 from 0', () => {
    const [plus, minus] = [0, -0].map((zero) => {
      const runner = run({ method: 'robust-z' });
      for (let i = 0; i < 20; i++) runner.feed(i * MINUTE, zero);
      return runner.detector.pack(runner.state());
    });
    expect(minus).toEqual(plus);
  });
});

describe('a finding', () => {
  it('begins at its earliest point, even if that comes late', () => {
    const runner = run({});
    for (const [index, value] of noise(200).entries()) runner.feed(index * MINUTE, value);
    runner.feed(210 * MINUTE, 150);
    expect(runner.feed(208 * MINUTE, 150).match).toMatchObject({ since: 208 * MINUTE });
    expect(runner.feed(211 * MINUTE, 150).match).toMatchObject({ since: 208 * MINUTE });
  });
});
