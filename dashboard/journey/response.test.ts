import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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

let home: string;
let instance: Instance;
let kinesis: KinesisClient;
let browser: Browser;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'sentry-response-'));
  const built = process.env['SENTRY_DASHBOARD'] ?? (await ensureDashboard());
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

/** Text that would run, or turn the line around, if it were anything but text. */
const HOSTILE = '<img src=x onerror="document.title=1">\u202Egnp.exe';

/** A record that makes the shipped rule for full disks fire. */
async function fillDisk(host: string): Promise<void> {
  const payload = { host, mount: '/data', value_percent: 97 };
  const record = { source: 'journey', type: 'metric.disk', service: 'vault', payload };
  await kinesis.send(
    new PutRecordCommand({
      StreamName: STREAM.name,
      PartitionKey: host,
      Data: Buffer.from(JSON.stringify(record)),
    }),
  );
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
/** The dialog on top. */
const dialog = (page: Page) => page.locator('dialog[open]').last();

/** Nothing runs out of a narrow page. */
async function expectNarrow(page: Page): Promise<void> {
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await page.setViewportSize({ width: 1280, height: 800 });
}

describe('what holds alerts back', () => {
  it('is silenced with a look at what it would mute, extended, ended and taken back', async () => {
    await fillDisk('vault-db');
    const { page, faults } = await openPage(browser);
    await signIn(page, `${instance.url}/alerts`, 'Ada');
    const row = page.locator('[data-alert-id]', { hasText: /^(?!.*Incident at level).*vault-db/s });
    await row.getByRole('link').first().click();
    await page.getByRole('link', { name: 'Silence this' }).click();

    const form = dialog(page);
    await form.getByText('1 is active now').or(form.getByText('is active now')).first().waitFor();
    expect(await form.getByLabel('Value').first().inputValue()).toBe('disk-full');
    await button(page, '4 h').click();
    await form.getByLabel('Comment').fill(HOSTILE);
    expect(await findBarriersInThemes(page)).toEqual([]);
    await button(page, 'Silence …').click();
    await dialog(page).getByText('In the last 30 days that were 1 alerts').waitFor();
    await dialog(page).getByRole('button', { name: 'Silence', exact: true }).click();

    const card = page.locator('[data-silence-id]');
    await card.getByText('rule is').waitFor();
    await card.getByText('<img src=x', { exact: false }).waitFor();
    await card.getByText('1 alert', { exact: true }).waitFor();
    await card.getByText('in 3 h').waitFor();
    await expectNarrow(page);
    await button(page, 'Extend').click();
    await page.getByRole('menuitem', { name: 'by 4 h' }).click();
    await card.getByText('in 7 h').waitFor();
    expect(await findBarriersInThemes(page)).toEqual([]);

    await button(page, 'End now').click();
    await dialog(page).getByRole('button', { name: 'End it' }).click();
    await page.getByText('Nothing is silenced now.').waitFor();
    await button(page, 'Undo').click();
    await card.getByText('in 7 h').waitFor();
    expect(await page.title()).not.toBe('1');
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('is planned to come back, and inhibited by another alert, without writing JSON', async () => {
    const { page, faults } = await openPage(browser);
    await signIn(page, `${instance.url}/silences?tab=maintenance`, 'Ruth');
    await button(page, 'New maintenance window').click();
    const form = dialog(page);
    await form.getByLabel('What is done').fill('Patching the vault');
    await form.getByLabel('How often').selectOption('WEEKLY');
    await button(page, 'Sunday').click();
    await form.getByLabel('Value').fill('vault');
    await button(page, 'Save').click();
    const window_ = page.locator('[data-maintenance-id]');
    await window_.getByText('every week on Sunday, for 2 h').waitFor();
    await expect.poll(() => window_.locator('.occurrences li').count()).toBe(3);
    expect(await findBarriersInThemes(page)).toEqual([]);

    await page.getByRole('tab', { name: 'Inhibitions' }).click();
    await button(page, 'New inhibition').click();
    await dialog(page).getByLabel('Why').fill('The outage is known');
    expect(await findBarriersInThemes(page)).toEqual([]);
    await button(page, 'Save').click();
    const inhibition = page.locator('[data-inhibition-id]');
    await inhibition.getByText('always told').waitFor();
    expect(await findBarriersInThemes(page)).toEqual([]);
    await button(page, 'Remove').click();
    await dialog(page).getByRole('button', { name: 'Remove' }).click();
    await page.getByText('No alert keeps another quiet.').waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);
});

describe('who is told', () => {
  it('takes turns on a schedule whose gap shows, and one stands in for another', async () => {
    const { page, faults } = await openPage(browser);
    await signIn(page, `${instance.url}/schedules`, 'Ruth');
    await page.getByText('Nobody takes turns yet.').waitFor();
    await button(page, 'New schedule').click();
    await page.getByLabel('Name', { exact: true }).first().fill('Vault crew');
    await page.getByLabel('Time zone').fill('Europe/Berlin');
    const rosa = 'rosa';
    await page.getByRole('textbox', { name: 'Name' }).nth(1).fill(rosa);
    await page.getByLabel('Tell rosa also by').selectOption('slack-ops');
    await button(page, 'Add a member').click();
    await page.getByRole('group', { name: 'Member 2' }).getByLabel('Name').fill(HOSTILE);
    await page
      .getByRole('group', { name: 'Member 2' })
      .getByRole('combobox')
      .selectOption('email-ops');
    await page.getByLabel('Next turn of Everybody in turn').selectOption(rosa);
    await page.getByLabel('Next turn of Everybody in turn').selectOption(HOSTILE);
    await button(page, 'Limit to hours').click();
    expect(await findBarriersInThemes(page)).toEqual([]);
    await button(page, 'Make the schedule').click();

    await page.getByRole('heading', { name: 'Vault crew' }).waitFor();
    await page.getByText('times nobody is on call.').waitFor();
    await page.locator('.shift-bar-gap').first().waitFor();
    await page.getByText('The same as a table').click();
    await page.getByRole('cell', { name: 'nobody' }).first().waitFor();
    await button(page, 'Override …').click();
    await dialog(page).getByLabel('Who').selectOption(rosa);
    await dialog(page).getByRole('button', { name: 'Add', exact: true }).click();
    await page.locator('.lane-override .shift-bar', { hasText: 'rosa' }).first().waitFor();
    await button(page, /^yours:/).click();
    await expect.poll(() => new URL(page.url()).searchParams.get('zone')).toBe('mine');
    expect(await findBarriersInThemes(page)).toEqual([]);
    await expectNarrow(page);
    await page.getByRole('tab', { name: 'Layers and members' }).click();
    await page.getByLabel('First hand-over on').waitFor();
    await expectNarrow(page);
    const file = page.waitForEvent('download');
    await button(page, 'Download iCalendar').click();
    expect((await file).suggestedFilename()).toBe('vault-crew.ics');
    await page.getByRole('link', { name: 'All schedules' }).click();
    await page.locator('[data-schedule-id=vault-crew]').getByText('On call now').waitFor();
    expect(await page.title()).not.toBe('1');
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('is decided by a policy that is made, ordered, simulated, and in conflict with nobody unseen', async () => {
    const { page, faults } = await openPage(browser);
    await signIn(page, `${instance.url}/policies`, 'Ruth');
    await page.getByText('These are the policies everybody starts with').waitFor();
    expect(await findBarriersInThemes(page)).toEqual([]);
    await button(page, 'New policy').click();
    await page.getByLabel('Name', { exact: true }).fill('Vault first');
    await button(page, 'Add a condition').click();
    await page.getByRole('textbox', { name: 'Values' }).or(page.getByLabel('Values')).fill('vault');
    await page.getByLabel('Tell also in step 1').selectOption('slack slack-ops');
    await button(page, 'Add a step').click();
    await page.getByLabel('Tell also in step 2').selectOption('email email-ops');
    await button(page, 'Move step 2 up').click();
    await button(page, 'Move step 1 down').click();
    expect(await findBarriersInThemes(page)).toEqual([]);
    await button(page, 'Make the policy').click();
    await page.getByRole('heading', { name: 'Vault first' }).waitFor();
    await page.getByRole('heading', { name: 'Versions' }).waitFor();

    const other = await openPage(browser);
    await signIn(other.page, page.url(), 'Ada');
    await other.page.getByLabel('Name', { exact: true }).fill('Vault first of all');
    await button(other.page, 'Save').click();
    await other.page.getByRole('heading', { name: 'Vault first of all' }).waitFor();
    await page.getByLabel('Repeat all steps').fill('2');
    await button(page, 'Save').click();
    await page.getByText('ada saved version 2 meanwhile').waitFor();
    await button(page, 'Take their version').click();
    await page.getByRole('heading', { name: 'Vault first of all' }).waitFor();
    expect(other.faults).toEqual([]);
    await other.page.context().close();

    await page.getByRole('link', { name: 'All policies' }).click();
    const first = page.locator('[data-policy-id]').first();
    await first.getByText('service is vault').waitFor();
    await first.getByText('at 0 min →').waitFor();
    await first.getByText('after 10 min →').waitFor();
    await page.getByRole('tab', { name: 'Simulate' }).click();
    await page.getByLabel('Service').fill('vault');
    await button(page, 'Simulate').click();
    await page.getByText('At once').waitFor();
    await page.getByText('matches: it is the one').waitFor();
    await page.getByText('After 10 min').waitFor();
    expect(await findBarriersInThemes(page)).toEqual([]);
    await expectNarrow(page);
    // The browser itself notes every answer of 4xx; over the socket there are none.
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('is open to a viewer, who is told which role may change it', async () => {
    const { page, faults } = await openPage(browser, { width: 390, height: 844 });
    await signIn(page, `${instance.url}/policies`, 'Vera');
    const places = [
      ['/silences', 'New silence'],
      ['/silences?tab=maintenance', 'New maintenance window'],
      ['/silences?tab=inhibitions', 'New inhibition'],
      ['/policies', 'New policy'],
      ['/schedules', 'New schedule'],
      ['/policies/new', 'Make the policy'],
    ] as const;
    for (const [path, name] of places) {
      await page.goto(`${instance.url}${path}`);
      await page.locator('[data-status=live]').waitFor();
      await button(page, name).waitFor();
      expect(await button(page, name).isDisabled()).toBe(true);
      expect(await button(page, name).getAttribute('title')).toBe(
        'Needs the role rule-author or admin',
      );
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    }
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);
});
