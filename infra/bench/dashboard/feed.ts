import { setTimeout as sleep } from 'node:timers/promises';

import type { BenchResult } from '#infra/bench/result.ts';

import { feedFrame } from './frame.ts';
import { mainThreadShare, type Stage } from './stage.ts';

/** What a push may hold of events, so that it stays under 28 KB. */
const SHOWN_MAX = 120;

/**
 * The share of the main thread that the overview takes at `rate` events a second: as the server sends
 * it (four frames a second, 40 events shown in each), and with every single event shown.
 */
export async function measureFeed(
  { cdp, page, push }: Stage,
  { rate, seconds }: { rate: number; seconds: number },
): Promise<BenchResult> {
  await page.locator('[data-panel=feed]').waitFor();
  let number = 0;
  const at = async (perSecond: number, total: number, shown: number) => {
    const frames = perSecond * seconds;
    const started = performance.now();
    for (let frame = 0; frame < frames; frame++) {
      await push({ method: 'feed', params: feedFrame(number++, total, shown) });
      await sleep(Math.max(0, started + ((frame + 1) * 1_000) / perSecond - performance.now()));
    }
  };
  await at(4, Math.round(rate / 4), 40);
  const idle = await mainThreadShare(cdp, seconds);
  const sampled = await mainThreadShare(cdp, seconds, () => at(4, Math.round(rate / 4), 40));
  const pushes = Math.ceil(rate / SHOWN_MAX);
  const whole = await mainThreadShare(cdp, seconds, () => at(pushes, SHOWN_MAX, SHOWN_MAX));
  const shown = await page.locator('[data-panel=feed] .log-row').count();
  const share = (value: number) => ({ value: value * 100, unit: '%' });
  return {
    figures: [
      { name: 'main thread, nothing arrives', ...share(idle) },
      {
        name: `main thread at ${rate} events/s as sent`,
        ...share(sampled),
        note: '< 25; 4 frames/s, 160 events/s shown',
      },
      {
        name: `main thread, every one of ${rate} events/s`,
        ...share(whole),
        note: `${pushes} frames/s of ${SHOWN_MAX}`,
      },
      { name: 'rows of the log in the page', value: shown, unit: 'rows', note: 'of 2,000 held' },
    ],
  };
}
