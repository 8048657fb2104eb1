import type { BenchResult } from '#infra/bench/result.ts';

import { type Stage, workedSeconds } from './stage.ts';

/** Names in the page, as far as the bench uses them. */
interface Columns {
  at: number[];
  events: number[];
  matches: number[];
}
type CreatePlot = (
  host: HTMLElement,
  onPoint: () => void,
) => { draw(columns: Columns, now: number, span: number): void; destroy(): void };

/** Main-thread time of one frame of the live chart, with `points` points that all move. */
export async function measureChart(
  { cdp, page }: Stage,
  { points, frames }: { points: number; frames: number },
): Promise<BenchResult> {
  await page.locator('.chart-canvas canvas').waitFor();
  const perFrame = async (size: number) => {
    const before = await workedSeconds(cdp);
    await page.evaluate(drawFrames, { size, frames });
    return ((await workedSeconds(cdp)) - before) / frames;
  };
  await perFrame(points);
  const empty = await perFrame(0);
  const full = await perFrame(points);
  return {
    figures: [
      {
        name: `chart of ${points} points, CPU per frame`,
        value: (full - empty) * 1_000,
        unit: 'ms',
        note: '≤ 6; frames without a chart taken off',
      },
      { name: 'a frame without a chart', value: empty * 1_000, unit: 'ms' },
    ],
  };
}

/** Runs in the page: draws a chart of the product's own code in each of so many frames; none with size 0. */
async function drawFrames({ size, frames }: { size: number; frames: number }): Promise<void> {
  const url = performance
    .getEntriesByType('resource')
    .map(({ name }) => name)
    .find((name) => /\/plot-[^/]*\.js$/.test(name))!;
  const module = (await import(url)) as Record<string, CreatePlot>;
  const create = Object.values(module).find((value) => typeof value === 'function')!;
  const host = document.createElement('div');
  host.style.cssText = 'position:fixed;inset:0 0 auto 0;height:300px;z-index:99';
  document.body.append(host);
  const plot = size > 0 ? create(host, () => undefined) : undefined;
  const now = Math.floor(Date.now() / 1_000);
  const wave = (index: number) => 5_000 + 2_000 * Math.sin(index / 40) + ((index * 7_919) % 500);
  const columns: Columns = {
    at: Array.from({ length: size }, (_, index) => now - size + index),
    events: Array.from({ length: size }, (_, index) => wave(index)),
    matches: Array.from({ length: size }, (_, index) => wave(index) / 10),
  };
  for (let frame = 0; frame < frames; frame++) {
    columns.at.shift();
    columns.events.shift();
    columns.matches.shift();
    columns.at.push(now + frame);
    columns.events.push(wave(size + frame));
    columns.matches.push(wave(size + frame) / 10);
    plot?.draw(columns, now + frame, size);
    await new Promise(requestAnimationFrame);
  }
  plot?.destroy();
  host.remove();
}
