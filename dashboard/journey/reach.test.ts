import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { launchBrowser } from '#infra/browser.ts';
import { ensureDashboard } from '#infra/dashboard-build.ts';
import { type Instance, startInstance } from '#infra/local/instance.ts';
import { uploadDashboard } from '#infra/local/site/upload.ts';
import { seedDefaults } from '#infra/seed.ts';
import { STREAM } from '#infra/topology.ts';

import { findBarriersInThemes, openPage, signIn } from './page.ts';

const HOSTILE = '<img src=x onerror=alert(1)>\u202Eevil';

let home: string;
let instance: Instance;
let kinesis: KinesisClient;
let browser: Browser;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'sentry-reach-'));
  const built = await ensureDashboard();
  [instance, browser] = await Promise.all([startInstance({ port: 0, home }), launchBrowser()]);
  await seedDefaults(instance);
  await uploadDashboard(instance.services.s3, built);
  kinesis = new KinesisClient({
    endpoint: instance.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  kinesis?.destroy();
  await instance?.stop();
  rmSync(home, { recursive: true, force: true });
});

async function put(data: Uint8Array): Promise<void> {
  await kinesis.send(
    new PutRecordCommand({ StreamName: STREAM.name, PartitionKey: 'reach', Data: data }),
  );
}

/** A record that makes the shipped rule for full disks fire. */
async function fillDisk(host: string): Promise<void> {
  const payload = { host, mount: '/data', value_percent: 97 };
  await put(
    Buffer.from(JSON.stringify({ source: 'journey', type: 'metric.disk', service: host, payload })),
  );
}

async function post(
  path: string,
  body: object,
  token?: string,
): Promise<{ access_token?: string }> {
  const response = await fetch(`${instance.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  expect(response.ok, await response.clone().text()).toBe(true);
  return (await response.json()) as { access_token?: string };
}

/** Makes the receiver of webhooks refuse for good, or heals it. */
const refuseWebhooks = (isIll: boolean) =>
  post('/_local/faults', { receiver: { receiver: 'webhook', ...(isIll && { status: 410 }) } });

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

describe('the ways by which people are told', () => {
  it('a rule author makes a channel, sees its test fail and work, and removes it when nobody names it', async () => {
    const { page, faults } = await openPage(browser);
    await signIn(page, `${instance.url}/deliveries`, 'Ruth');
    await button(page, 'New channel').click();
    const dialog = page.getByRole('dialog', { name: 'New channel' });
    await dialog.getByLabel('Kind').selectOption('webhook');
    await dialog.getByLabel('Id').fill('not an id');
    await dialog.getByLabel('Name').fill(HOSTILE);
    await button(page, 'Make channel').click();
    await dialog.getByText('has letters, digits').waitFor();
    await dialog.getByLabel('Id').fill('webhook-team');
    await button(page, 'Make channel').click();

    await page.getByRole('heading', { level: 1, name: '<img src=x' }).waitFor();
    expect(await page.locator('h1 img').count()).toBe(0);
    await button(page, 'Send a test').click();
    await page.locator('.test-failed').getByText('Did not get through').waitFor();

    const command = page.getByLabel('To copy').first();
    await command.getByText('aws ssm put-parameter').waitFor();
    const text = await command.innerText();
    const name = /--name '([^']+)'/.exec(text)![1]!;
    const value = /--value '([^']+)'/.exec(text)![1]!;
    expect(name).toBe('/sentry/channel/default/webhook-team');
    instance.services.ssm.putParameter(name, value, 'SecureString');
    await expect
      .poll(
        async () => {
          await button(page, 'Send a test').click();
          await page.locator('.test-failed, .test-sent').waitFor();
          return page.locator('.test-sent').count();
        },
        { timeout: 30_000 },
      )
      .toBe(1);

    const { access_token } = await post('/_local/token', { user: 'ruth' });
    const other = { channel_id: 'slack-other', channel: 'slack', name: 'Other' };
    await post('/v1/channels', { ...other, secondary: 'webhook-team' }, access_token);
    await button(page, 'Remove').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('It is still named by the channel "slack-other".').waitFor();

    await page.goto(`${instance.url}/deliveries/slack-other`);
    await button(page, 'Edit').click();
    await page.getByLabel('When it fails, tell').selectOption('');
    await page.getByLabel('Buttons that acknowledge and resolve').check();
    await button(page, 'Save').click();
    await page.getByText(`${instance.url}/v1/webhooks/slack/`).waitFor();
    await page.getByText('Version 2 on').waitFor();
    await button(page, 'Switch off').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
    await page.locator('.health-badge-off').waitFor();
    expect(await button(page, 'Send a test').getAttribute('title')).toBe(
      'The channel is switched off',
    );

    await page.goto(`${instance.url}/deliveries/webhook-team`);
    await button(page, 'Remove').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.waitForURL(`${instance.url}/deliveries`);
    await page.locator('[data-channel-id=slack-other]').waitFor();
    await page.locator('[data-channel-id=webhook-team]').waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
    await page.context().close();
  }, 90_000);

  it('a responder redrives one message that was given up, then all of its channel', async () => {
    await refuseWebhooks(true);
    await fillDisk('first-dead');
    const { page, faults } = await openPage(browser);
    await signIn(page, `${instance.url}/deliveries?channel=webhook-audit`, 'Rosa');
    const rowOf = (host: string) => {
      const name = `Disk /data of ${host} is 97 % full`;
      const link = page.getByRole('link', { name, exact: true });
      return page.locator('[data-delivery-id]').filter({ has: link });
    };
    const row = rowOf('first-dead');
    await expect
      .poll(
        async () => {
          await button(page, 'Refresh').click();
          return row.count();
        },
        { timeout: 30_000 },
      )
      .toBe(1);
    await row.getByText('HTTP 410').waitFor();
    await page.locator('.health-badge-broken').waitFor({ timeout: 30_000 });
    await fillDisk('second-dead');
    const second = rowOf('second-dead');
    await expect
      .poll(
        async () => {
          await button(page, 'Refresh').click();
          return second.count();
        },
        { timeout: 30_000 },
      )
      .toBe(1);

    // What those two set off is given up too, before the receiver is well again.
    await instance.idle();
    await refuseWebhooks(false);
    await row.getByRole('button', { name: 'Redrive' }).click();
    await page.getByText('webhook-audit tries it again.').waitFor();
    await row.waitFor({ state: 'detached' });

    await button(page, 'Redrive all of webhook-audit').click();
    const dialog = page.getByRole('dialog', { name: 'Redrive all' });
    const confirm = dialog.getByRole('button', { name: /^Redrive \d+$/ });
    await confirm.waitFor();
    const number = (await confirm.innerText()).replace(/\D/g, '');
    await confirm.click();
    await dialog.getByText(`of ${number} tried again.`).waitFor();
    await button(page, 'Close').click();
    await page.getByText('This channel gave nothing up.').waitFor();
    expect(await button(page, 'New channel').getAttribute('title')).toBe(
      'Needs the role rule-author or admin',
    );
    expect(faults).toEqual([]);
    await page.context().close();
  }, 90_000);
});

describe('the ways by which events come in', () => {
  it('what a source sends with the pasted command shows within moments', async () => {
    const { page, faults } = await openPage(browser);
    await signIn(page, `${instance.url}/sources?from=curl`, 'Vera');
    const line = page.locator('[data-source=curl]');
    await line.getByText('waiting for the first event').waitFor();
    const code = await page.getByLabel('Terminal').last().innerText();
    const { stdout } = await promisify(execFile)('bash', ['-c', code], {
      env: { ...process.env, SENTRY_SECRET: instance.oidc.producer.client_secret },
    });
    expect(JSON.parse(stdout)).toMatchObject({ accepted: [{ index: 0 }], failed: [] });
    await line.getByText(/received \d+ s ago · 1 in the last minute/).waitFor();
    const test = button(page, 'Send a test event');
    expect(await test.isDisabled()).toBe(true);
    expect(await test.getAttribute('title')).toBe('Needs the role producer or admin');
    await page.getByRole('link', { name: 'Vector' }).click();
    await page.waitForURL(/from=vector/);
    await page.getByText(`stream_name: ${STREAM.name}`).waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('who may send sees a test event arrive, and a record that is replayed refused again', async () => {
    await put(Buffer.concat([Buffer.from(`${HOSTILE}\n`), Buffer.from([0xff, 0x00])]));
    await put(Buffer.from('{"source":"journey-without-type"}'));
    const { page, faults } = await openPage(browser);
    await signIn(page, `${instance.url}/sources?from=grafana`, 'Ada');
    const line = page.locator('[data-source=grafana]');
    await line.getByText('waiting for the first event').waitFor();
    await button(page, 'Send a test event').click();
    await line.getByText('1 in the last minute').waitFor();

    await page.goto(`${instance.url}/quarantine`);
    const row = page.locator('[data-record-id]', { hasText: 'Not text' });
    const missing = page.locator('[data-record-id]', { hasText: 'A field is missing' });
    await expect
      .poll(
        async () => {
          await button(page, 'Refresh').click();
          return (await row.count()) + (await missing.count());
        },
        { timeout: 30_000 },
      )
      .toBe(2);
    await button(page, /^Not text/).click();
    await page.waitForURL(/reason=bad_utf8/);
    await missing.waitFor({ state: 'detached' });
    await page.reload();
    await row.getByRole('link').click();

    const raw = page.getByLabel('Raw content');
    await raw.getByText(String.raw`\xff\x00`).waitFor();
    expect(await raw.locator('img').count()).toBe(0);
    await button(page, 'Hex').click();
    await raw.getByText('000000  3c 69 6d 67').waitFor();
    await page.getByText('protobuf and other binary formats are not read').waitFor();
    await button(page, 'Replay').click();
    await page.getByText('Refused again: Not text.').waitFor({ timeout: 40_000 });
    await page.locator('.state-OPEN').waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);
});

describe('for a viewer on a phone', () => {
  it('everything fits, reads well in every theme, and says which role it would take', async () => {
    await put(Buffer.from('{"source":"seen-by-viewer","type":"a","severity":"urgent-ish"}'));
    const { page, faults } = await openPage(browser, { width: 390, height: 844 });
    await signIn(page, `${instance.url}/quarantine?reason=bad_severity`, 'Vera');
    const held = page.locator('[data-record-id]', { hasText: 'Unknown severity' });
    await expect
      .poll(
        async () => {
          await button(page, 'Refresh').click();
          return held.count();
        },
        { timeout: 30_000 },
      )
      .toBe(1);
    const record = (await held.getByRole('link').getAttribute('href'))!;
    const looks: [path: string, there: string][] = [
      ['/quarantine', 'Unknown severity'],
      [record, 'As it came'],
      ['/sources?from=alertmanager', 'alertmanager.yml'],
      ['/deliveries', 'Operations chat'],
      ['/deliveries/pagerduty-primary', 'Answers from PagerDuty'],
    ];
    const barriers: string[] = [];
    for (const [path, there] of looks) {
      await page.goto(`${instance.url}${path}`);
      await page.locator('[data-status=live]').waitFor();
      await page.locator('#main').getByText(there).first().waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(390);
      for (const barrier of await findBarriersInThemes(page)) barriers.push(`${path} ${barrier}`);
    }
    expect(barriers).toEqual([]);

    for (const name of ['Send a test', 'Edit', 'Switch off', 'Reset'])
      expect(await button(page, name).getAttribute('title')).toBe(
        'Needs the role rule-author or admin',
      );
    await page.goto(`${instance.url}${record}`);
    expect(await button(page, 'Replay').getAttribute('title')).toBe(
      'Needs the role producer or admin',
    );
    await page.goto(`${instance.url}/deliveries/nobody`);
    await page.getByText('There is no such channel.').waitFor();
    expect(faults).toEqual([]);
    // The browser itself notes the answer 404 as an error.
    await page.goto(`${instance.url}/quarantine/nothing`);
    await page.getByText('There is no such record.').waitFor();
    await page.context().close();
  }, 90_000);
});
