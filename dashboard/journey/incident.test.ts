import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { useJourney } from '#infra/scenarios/journey.testing.ts';

import { findBarriers, openPage, signIn } from './page.ts';

const journey = useJourney();

/** A record that makes the shipped rule for full disks fire. */
function fillDisk(host: string, service = 'shop'): Promise<void> {
  return journey.fillDisks(service, [host]);
}

/** Where a picture of a screen goes, when somebody asks for pictures. */
const picture = (name: string) => {
  const folder = process.env['SENTRY_PICTURES'];
  return folder === undefined ? undefined : { path: join(folder, `${name}.png`), fullPage: true };
};

describe('an incident on the screen', () => {
  it('makes itself, is escalated, taken, and closes with its last alert', async () => {
    await fillDisk('first-db');
    const { page, faults } = await openPage(journey.browser);
    await signIn(page, `${journey.instance.url}/alerts`, 'Rosa');
    await page.locator('[data-alert-id]', { hasText: 'first-db' }).first().waitFor();
    await fillDisk('second-db');
    await page.locator('[data-alert-id]', { hasText: 'second-db' }).waitFor();
    await page.getByRole('link', { name: 'Incidents' }).click();
    const row = page.locator('[data-incident-id]', { hasText: 'shop' });
    await row.getByText('Escalated').waitFor();
    await row.getByText('2 of 2').waitFor();
    if (picture('list')) await page.screenshot(picture('list'));
    await row.getByRole('link').click();

    await page.getByRole('button', { name: 'Escalate' }).click();
    await page.getByRole('cell', { name: 'Incident escalated to level 2 by user:rosa' }).waitFor();
    await page.getByText('level 2', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Assign to me' }).click();
    await page.getByRole('button', { name: 'Give up assignment' }).waitFor();
    await page.getByRole('button', { name: 'Start analyzing' }).click();
    await page.locator('.status-ANALYZING').waitFor();
    if (picture('detail')) await page.screenshot(picture('detail'));
    const address = page.url();

    for (const host of ['first-db', 'second-db']) {
      await page.goto(address);
      const list = page.getByRole('region', { name: /^Alerts/ });
      await list.getByRole('link', { name: new RegExp(host) }).click();
      await page.getByRole('button', { name: 'Resolve' }).click();
      await page.getByRole('cell', { name: 'Resolved by user:rosa' }).waitFor();
    }
    await page.goto(address);
    await page.locator('.status-CLOSED').waitFor();
    const escalate = page.getByRole('button', { name: 'Escalate' });
    expect(await escalate.isDisabled()).toBe(true);
    expect(await escalate.getAttribute('title')).toBe('The incident is closed');
    await page
      .getByRole('cell', { name: 'Incident closed by user:rosa: all its alerts are resolved' })
      .waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  }, 40_000);

  it('lets a viewer look, says what it would take to act, and fits a phone in both themes', async () => {
    await fillDisk('viewer-db', 'billing');
    const { page, faults } = await openPage(journey.browser, { width: 390, height: 844 });
    await signIn(page, journey.instance.url, 'Vera');
    await page.goto(`${journey.instance.url}/incidents`);
    const row = page.locator('[data-incident-id]', { hasText: 'billing' });
    await row.waitFor();
    const detail = (await row.getByRole('link').getAttribute('href'))!;
    const barriers: string[] = [];
    for (const theme of ['dark', 'light']) {
      await page.emulateMedia({ colorScheme: theme as 'dark' | 'light' });
      if (theme === 'light') await page.getByRole('button', { name: 'light theme' }).click();
      for (const path of ['/incidents', detail]) {
        await page.goto(`${journey.instance.url}${path}`);
        await page.locator('[data-status=live]').waitFor();
        await page.getByText('billing', { exact: true }).first().waitFor();
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
        const name = `phone-${theme}-${path === detail ? 'detail' : 'list'}`;
        if (picture(name)) await page.screenshot(picture(name));
        for (const barrier of await findBarriers(page)) barriers.push(`${theme} ${barrier}`);
      }
    }
    expect(barriers).toEqual([]);
    for (const name of ['Escalate', 'Assign to me', 'Start analyzing', 'Close']) {
      const button = page.getByRole('button', { name, exact: true });
      expect(await button.isDisabled()).toBe(true);
      expect(await button.getAttribute('title')).toBe('Needs the role responder or admin');
    }
    expect(faults).toEqual([]);
    await page.context().close();
  }, 40_000);
});
