import { describe, expect, it } from 'vitest';

import {
  addSeries,
  emptySketch,
  estimateSeries,
  packSketch,
  unpackSketch,
} from './series-sketch.ts';

function sketchOf(from: number, to: number) {
  const sketch = emptySketch();
  for (let n = from; n < to; n++) addSeries(sketch, 'rule', `series-${n}`);
  return sketch;
}

describe('a sketch of series', () => {
  it.each([0, 1, 2, 100, 5_000, 40_000, 150_000, 1_000_000])(
    'of %i series tells how many within 2.5 %',
    (count) => {
      const estimate = estimateSeries([sketchOf(0, count)]);
      expect(Math.abs(estimate - count)).toBeLessThanOrEqual(0.025 * count);
    },
  );

  it('counts a series once however often it comes, and tells series of two rules apart', () => {
    const sketch = sketchOf(0, 1_000);
    const before = Uint8Array.from(sketch);
    for (let n = 0; n < 1_000; n++) expect(addSeries(sketch, 'rule', `series-${n}`)).toBe(false);
    expect(sketch).toEqual(before);
    for (let n = 0; n < 1_000; n++) addSeries(sketch, 'other', `series-${n}`);
    expect(Math.abs(estimateSeries([sketch]) - 2_000)).toBeLessThan(50);
  });

  it('counts what stands in several sketches once', () => {
    const both = [sketchOf(0, 30_000), sketchOf(20_000, 50_000)];
    expect(Math.abs(estimateSeries(both) - 50_000)).toBeLessThan(1_250);
  });

  it('is packed small and read back as it was; other bytes are refused', () => {
    const sketch = sketchOf(0, 100_000);
    expect(packSketch(sketch).length).toBeLessThan(9_000);
    expect(packSketch(sketchOf(0, 10)).length).toBeLessThan(120);
    expect(unpackSketch(packSketch(sketch))).toEqual(sketch);
    expect(() => unpackSketch(packSketch(new Uint8Array(5)))).toThrow(SyntaxError);
  });
});
