import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';

import { launchBrowser } from '#infra/browser.ts';
import { ensureDashboard } from '#infra/dashboard-build.ts';
import { type Instance, startInstance } from '#infra/local/instance.ts';
import { uploadDashboard } from '#infra/local/site/upload.ts';
import { seedDefaults } from '#infra/seed.ts';
import { STREAM } from '#infra/topology.ts';

import { awsSettings } from './producer.ts';

/** A whole local instance with the built dashboard, and a headless browser before it. */
export interface Journey {
  readonly instance: Instance;
  readonly browser: Browser;
  /** The directory that the dashboard was built into. */
  readonly built: string;
  /** Puts events on the stream, as a producer would; those of one `key` in their order. */
  put(
    this: void,
    events: readonly { key: string; event: Record<string, unknown> }[],
  ): Promise<void>;
  /** Fills disks until the shipped rule fires, one alert for each host. */
  fillDisks(this: void, service: string, hosts: readonly string[], more?: object): Promise<void>;
  /** Asks the API as somebody else, past the page; the answer must be 200. */
  callAs(this: void, who: string, method: string, path: string, body?: object): Promise<unknown>;
}

/**
 * Builds up a journey before the tests of a file and takes it down after them. A build of the
 * dashboard made elsewhere is served when SENTRY_DASHBOARD names its directory.
 */
export function useJourney(
  prepare: (journey: Journey) => Promise<unknown> = () => Promise.resolve(),
): Journey {
  let home: string;
  let built: string;
  let instance: Instance;
  let kinesis: KinesisClient;
  let browser: Browser;
  const journey: Journey = {
    get instance() {
      return instance;
    },
    get browser() {
      return browser;
    },
    get built() {
      return built;
    },
    async put(events) {
      const Records = events.map(({ key, event }) => ({
        PartitionKey: key,
        Data: Buffer.from(JSON.stringify({ source: 'journey', payload: {}, ...event })),
      }));
      await kinesis.send(new PutRecordsCommand({ StreamName: STREAM.name, Records }));
    },
    async fillDisks(service, hosts, more = {}) {
      // The same bytes again would be the same event.
      const payloads = hosts.map((host, sequence) =>
        Object.assign({ host, mount: '/data', value_percent: 97, sequence }, more),
      );
      await journey.put(
        payloads.map((payload) => ({
          key: payload.host,
          event: { type: 'metric.disk', service, payload },
        })),
      );
    },
    async callAs(who, method, path, body) {
      const { access_token } = (await instance.oidc.issueToken(who))!;
      const answer = await fetch(`${instance.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
      expect(answer.status).toBe(200);
      return answer.json();
    },
  };
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'sentry-journey-'));
    built = process.env['SENTRY_DASHBOARD'] ?? (await ensureDashboard());
    [instance, browser] = await Promise.all([startInstance({ port: 0, home }), launchBrowser()]);
    await seedDefaults(instance);
    await uploadDashboard(instance.services.s3, built);
    kinesis = new KinesisClient(awsSettings(instance.url));
    await prepare(journey);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    kinesis?.destroy();
    await instance?.stop();
    rmSync(home, { recursive: true, force: true });
  });
  return journey;
}
