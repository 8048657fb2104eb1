import { setTimeout as sleep } from 'node:timers/promises';

import type { BenchResult } from '#infra/bench/result.ts';

import { feedFrame } from './frame.ts';
import { heapBytes, type Stage } from './stage.ts';

const PUSHES_PER_SECOND = 10;
const LOOKS = 10;

/**
 * Hours of a control room in minutes: the page's clock runs `speed` times as fast (see `fastClock`),
 * frames of the feed come all the time. The heap after the first tenth and at the end.
 */
export async function measureSoak(
  { cdp, page, push }: Stage,
  { hours, speed }: { hours: number; speed: number },
): Promise<BenchResult> {
  await page.locator('[data-panel=feed]').waitFor();
  const totalMs = (hours * 3_600_000) / speed;
  const heaps: number[] = [];
  const started = performance.now();
  let number = 0;
  for (let look = 1; look <= LOOKS; look++) {
    const until = started + (totalMs * look) / LOOKS;
    while (performance.now() < until) {
      await push({ method: 'feed', params: feedFrame(number++, 1_250, 40) });
      await sleep(1_000 / PUSHES_PER_SECOND);
    }
    heaps.push(await heapBytes(cdp));
  }
  const [first] = heaps;
  const later = heaps.slice(1);
  const megabytes = (bytes: number) => ({ value: bytes / 1_000_000, unit: 'MB' });
  return {
    figures: [
      { name: `heap after ${hours / LOOKS} h`, ...megabytes(first!) },
      { name: `heap after ${hours} h`, ...megabytes(later.at(-1)!) },
      {
        name: 'furthest from the first',
        value: Math.max(...later.map((heap) => Math.abs(heap / first! - 1))) * 100,
        unit: '%',
        note: `≤ 20; ${number} frames, clock × ${speed}`,
      },
    ],
  };
}

/** Runs in the page before anything else: the clock goes 60 times as fast. */
export function fastClock(): void {
  const real = Date.now.bind(Date);
  const from = real();
  Date.now = () => from + (real() - from) * 60;
}
