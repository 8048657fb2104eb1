import { type BenchResult, quantile } from '#infra/bench/result.ts';

import { openAlerts } from './alerts.ts';
import type { Stage } from './stage.ts';

/** Time from the key to the frame that shows the alert as acknowledged. */
export async function measurePerceived(
  stage: Stage,
  { count }: { count: number },
): Promise<BenchResult> {
  const { page } = stage;
  await openAlerts(stage, count);
  await page.mouse.move(700, 2);
  const samples: number[] = [];
  for (let index = 0; index < count; index++) {
    const row = page.locator('[data-alert-id]:has(.state-OPEN)').first();
    const id = (await row.getAttribute('data-alert-id'))!;
    await row.locator('a').first().focus();
    await page.evaluate(watchFor, id);
    await page.keyboard.press('a');
    samples.push(await page.evaluate(() => (globalThis as unknown as Watching).acknowledged));
  }
  return {
    figures: [
      { name: 'key → acknowledged on the screen, p50', value: quantile(samples, 0.5), unit: 'ms' },
      {
        name: 'key → acknowledged on the screen, p95',
        value: quantile(samples, 0.95),
        unit: 'ms',
        note: '< 50',
      },
    ],
  };
}

/** What `watchFor` leaves in the page. */
interface Watching {
  acknowledged: Promise<number>;
}

/** Runs in the page: ms from the next key to the frame in which the row says Acknowledged. */
function watchFor(id: string): void {
  const row = document.querySelector(`[data-alert-id="${id}"]`)!;
  const acknowledged = new Promise<number>((resolve) => {
    let pressedAt = 0;
    document.addEventListener('keydown', ({ timeStamp }) => (pressedAt = timeStamp), {
      once: true,
      capture: true,
    });
    const look = new MutationObserver(() => {
      if (!row.querySelector('.state-ACK')) return;
      look.disconnect();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener('message', () => resolve(performance.now() - pressedAt));
        port1.start();
        port2.postMessage(undefined);
      });
    });
    look.observe(row, { childList: true, subtree: true, characterData: true, attributes: true });
  });
  Object.assign(globalThis, { acknowledged });
}
