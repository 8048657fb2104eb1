import { setTimeout as sleep } from 'node:timers/promises';

import type { CDPSession, Page } from 'playwright-core';

import { launchBrowser } from '#infra/browser.ts';
import { ensureDashboard } from '#infra/dashboard-build.ts';
import { withInstance } from '#infra/bench/instance.ts';
import type { Instance } from '#infra/local/instance.ts';
import { uploadDashboard } from '#infra/local/site/upload.ts';
import { withStores } from '#infra/seed.ts';
import { createDynamoLiveStore } from '#shared/adapters/aws/dynamo-live-store.ts';

import type { KinesisClient } from '@aws-sdk/client-kinesis';

/** A signed-in page of a built dashboard in a real browser, before an instance of its own. */
export interface Stage {
  instance: Instance;
  kinesis: KinesisClient;
  page: Page;
  cdp: CDPSession;
  /** Sends every open page a message as the server would. */
  push: (message: object) => Promise<void>;
  /** An operation of the API as the administrator. */
  api: (method: string, path: string, body?: object) => Promise<unknown>;
}

/** `dashboard` is the directory of a build; the usual one is made where none is named. */
export async function withStage<Result>(
  options: { path: string; dashboard?: string | undefined; script?: () => void },
  run: (stage: Stage) => Promise<Result>,
): Promise<Result> {
  const directory = options.dashboard ?? (await ensureDashboard());
  return withInstance(async (instance, kinesis) => {
    await uploadDashboard(instance.services.s3, directory);
    await quietIncidents(instance);
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      if (options.script) await page.addInitScript(options.script);
      await page.goto(`${instance.url}${options.path}`);
      await page.getByRole('button', { name: 'Ada' }).click();
      await page.locator('[data-status=live]').waitFor();
      const cdp = await page.context().newCDPSession(page);
      // CPU of the thread, whatever else the machine does.
      await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
      await cdp.send('HeapProfiler.enable');
      return await run({
        instance,
        kinesis,
        page,
        cdp,
        push: (message) => pushAll(instance, message),
        api: (method, path, body) => callApi(instance, { method, path, body }),
      });
    } finally {
      await browser.close();
    }
  });
}

/** Seconds the page's main thread has worked so far. */
export async function workedSeconds(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')!.value;
}

/** The share of `seconds` in which the main thread works while `act` runs at its pace beside it. */
export async function mainThreadShare(
  cdp: CDPSession,
  seconds: number,
  act: () => Promise<void> = () => Promise.resolve(),
): Promise<number> {
  const before = await workedSeconds(cdp);
  const started = performance.now();
  await Promise.all([act(), sleep(seconds * 1_000)]);
  const after = await workedSeconds(cdp);
  return (after - before) / ((performance.now() - started) / 1_000);
}

/** Bytes the page's JavaScript holds after a collection. */
export async function heapBytes(cdp: CDPSession): Promise<number> {
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  return usedSize;
}

/** One alert per event: incidents would add their own. */
function quietIncidents(instance: Instance): Promise<unknown> {
  return callApi(instance, {
    method: 'PUT',
    path: '/v1/incidents/settings',
    body: { auto_escalate: false },
  });
}

async function pushAll(instance: Instance, message: object): Promise<void> {
  const open = await withStores(instance, (access) =>
    createDynamoLiveStore(access).listConnections('default', access.now()),
  );
  const body = JSON.stringify({ jsonrpc: '2.0', ...message });
  await Promise.all(
    open.map(({ connection_id }) =>
      fetch(`${instance.url}/live/@connections/${encodeURIComponent(connection_id)}`, {
        method: 'POST',
        body,
      }),
    ),
  );
}

async function callApi(
  instance: Instance,
  { method, path, body }: { method: string; path: string; body?: object | undefined },
): Promise<unknown> {
  const { access_token } = (await instance.oidc.issueToken('ada'))!;
  const response = await fetch(`${instance.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
  return response.json();
}
