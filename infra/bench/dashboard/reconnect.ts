import type { Page } from 'playwright-core';

import { type BenchResult, quantile } from '#infra/bench/result.ts';

import { openAlerts } from './alerts.ts';
import type { Stage } from './stage.ts';

const ALERTS = 12;
/** How long client and server may differ after a reconnect. */
const LATE_MS = 15_000;

interface Listed {
  items: { alert_id: string; state: string }[];
}

/**
 * Cuts the socket again and again, changes an alert meanwhile, and compares what the page shows with
 * what the server lists once it is live again.
 */
export async function measureReconnects(
  stage: Stage,
  { sessions }: { sessions: number },
): Promise<BenchResult> {
  const { page, api } = stage;
  await openAlerts(stage, ALERTS);
  const samples: number[] = [];
  let different = 0;
  for (let session = 0; session < sessions; session++) {
    const { items } = (await api('GET', '/v1/alerts?limit=100')) as Listed;
    const one = items[session % items.length]!;
    const action = one.state === 'OPEN' ? 'ack' : 'unack';
    const started = performance.now();
    await page.evaluate(() => (globalThis as unknown as { cutSockets(): void }).cutSockets());
    await api('POST', `/v1/alerts/${one.alert_id}/${action}`, {});
    await page.locator('[data-status=live]').waitFor();
    if (await becomesEqual(page, await statesOf(api))) samples.push(performance.now() - started);
    else different++;
  }
  return {
    figures: [
      { name: 'sessions that ended with another state', value: different, unit: `of ${sessions}` },
      { name: 'cut → same as the server, p50', value: quantile(samples, 0.5), unit: 'ms' },
      { name: 'cut → same as the server, p99', value: quantile(samples, 0.99), unit: 'ms' },
    ],
  };
}

async function statesOf(api: Stage['api']): Promise<Record<string, string>> {
  const { items } = (await api('GET', '/v1/alerts?limit=100')) as Listed;
  return Object.fromEntries(items.map(({ alert_id, state }) => [alert_id, state]));
}

function becomesEqual(page: Page, states: Record<string, string>): Promise<boolean> {
  return page
    .waitForFunction(
      (wanted) => {
        const rows = [...document.querySelectorAll<HTMLElement>('[data-alert-id]')];
        const names = Object.keys(wanted);
        return (
          rows.length === names.length &&
          rows.every((row) => {
            const state = wanted[row.dataset['alertId']!];
            return state !== undefined && row.querySelector(`.state-${state}`) !== null;
          })
        );
      },
      states,
      { timeout: LATE_MS },
    )
    .then(
      () => true,
      () => false,
    );
}

/** Runs in the page before anything else: gives the bench the way to cut what is open, and no jitter. */
export function holdSockets(): void {
  const open = new Set<WebSocket>();
  const Native = globalThis.WebSocket;
  globalThis.WebSocket = class extends Native {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      open.add(this);
      this.addEventListener('close', () => open.delete(this));
    }
  };
  Math.random = () => 0.05;
  Object.assign(globalThis, {
    cutSockets: () => {
      for (const socket of open) socket.close();
    },
  });
}
