import { describe, expect, it, vi } from 'vitest';

import { useJourney } from '#infra/scenarios/journey.testing.ts';

import { openPage, signIn } from './page.ts';

const journey = useJourney(({ callAs }) =>
  // Incidents have a journey of their own; here each record makes one alert and no more.
  callAs('ada', 'PUT', '/v1/incidents/settings', { auto_escalate: false }),
);

function fillDisk(host: string): Promise<void> {
  return journey.fillDisks('shop', [host]);
}

/** What PagerDuty was told of an alert, in order. */
async function pagerDutyActions(alertId: string): Promise<string[]> {
  const response = await fetch(`${journey.instance.url}/_local/outbox.json`);
  const { messages } = (await response.json()) as {
    messages: { channel: string; at: string; dedup_key?: string; body_json?: unknown }[];
  };
  return messages
    .filter(({ channel, dedup_key }) => channel === 'pagerduty' && dedup_key === alertId)
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .map(({ body_json }) => (body_json as { event_action: string }).event_action);
}

describe('the unbroken path', () => {
  it('leads from a record on the stream to an acknowledged page, live on the screen', async () => {
    const { page, faults } = await openPage(journey.browser);
    await signIn(page, `${journey.instance.url}/alerts`, 'Rosa');
    await page.getByText('All quiet').waitFor();

    await fillDisk('journey-db');
    const row = page.locator('[data-alert-id]', { hasText: 'journey-db' });
    await row.waitFor();
    expect(await row.getByText('Open', { exact: true }).count()).toBe(1);

    const alertId = (await row.getAttribute('data-alert-id'))!;
    await page.keyboard.press('j');
    await page.keyboard.press('a');
    await row.getByText('Acknowledged').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('cell', { name: 'Acknowledged by user:rosa' }).waitFor();
    await page.getByRole('cell', { name: 'user:rosa', exact: true }).waitFor();
    await page.getByText('told: acknowledged').first().waitFor();
    await vi.waitFor(
      async () => expect(await pagerDutyActions(alertId)).toEqual(['trigger', 'acknowledge']),
      { timeout: 15_000 },
    );

    await page.getByRole('button', { name: 'Resolve' }).click();
    await page.getByRole('cell', { name: 'Resolved by user:rosa' }).waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('lets a viewer look and says what it would take to act', async () => {
    await fillDisk('viewer-db');
    const { page, faults } = await openPage(journey.browser);
    await signIn(page, `${journey.instance.url}/alerts`, 'Vera');
    const row = page.locator('[data-alert-id]', { hasText: 'viewer-db' });
    const acknowledge = row.getByRole('button', { name: 'Acknowledge' });
    await acknowledge.waitFor();
    expect(await acknowledge.isDisabled()).toBe(true);
    expect(await acknowledge.getAttribute('title')).toBe('Needs the role responder or admin');
    expect(await page.getByRole('button', { name: 'Acknowledge all' }).isDisabled()).toBe(true);
    await page.keyboard.press('j');
    await page.keyboard.press('a');
    expect(await row.getByText('Open', { exact: true }).count()).toBe(1);
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('says that the connection broke, heals, and shows what it missed', async () => {
    const { page, faults } = await openPage(journey.browser);
    let isCut = false;
    const cut: (() => Promise<void>)[] = [];
    await page.routeWebSocket(/\/live\?/, (socket) => {
      if (isCut) void socket.close();
      else {
        socket.connectToServer();
        cut.push(() => socket.close());
      }
    });
    await signIn(page, `${journey.instance.url}/alerts`, 'Rosa');
    isCut = true;
    for (const close of cut) await close();
    await page.locator('[data-status=reconnecting]').waitFor();
    await fillDisk('missed-db');
    isCut = false;
    await page.locator('[data-status=live]').waitFor();
    await page.locator('[data-alert-id]', { hasText: 'missed-db' }).waitFor();
    await page.getByText(/^Live again: caught up, \d+ changes? missed\.$/).waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('keeps rows still under the pointer and lets new ones wait behind a pill', async () => {
    await fillDisk('still-db');
    const { page, faults } = await openPage(journey.browser);
    await signIn(page, `${journey.instance.url}/alerts`, 'Rosa');
    const rows = page.locator('[data-alert-id]');
    await page.locator('[data-alert-id]', { hasText: 'still-db' }).hover();
    const before = await rows.first().getAttribute('data-alert-id');
    await fillDisk('newer-db');
    const pill = page.getByRole('button', { name: '1 new' });
    await pill.waitFor();
    expect(await rows.first().getAttribute('data-alert-id')).toBe(before);
    await page.keyboard.press('u');
    await page.locator('[data-alert-id]', { hasText: 'newer-db' }).waitFor();
    expect(await pill.count()).toBe(0);
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('acknowledges all of a filter after a confirmation that says how many', async () => {
    const { page, faults } = await openPage(journey.browser);
    await page.goto(`${journey.instance.url}/alerts?q=newer`);
    await page.getByRole('button', { name: 'Rosa' }).click();
    await page.getByRole('button', { name: 'Acknowledge all (1)' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Acknowledge 1 open alert?').waitFor();
    await dialog.getByRole('button', { name: 'Acknowledge 1' }).click();
    await page.getByText('1 alert acknowledged.').waitFor();
    await page.locator('[data-alert-id] .state-ACK').waitFor();
    expect(new URL(page.url()).search).toBe('?q=newer');
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('can be acknowledged on a phone', async () => {
    await fillDisk('phone-db');
    const { page, faults } = await openPage(journey.browser, { width: 390, height: 844 });
    await signIn(page, `${journey.instance.url}/alerts`, 'Rosa');
    const card = page.locator('[data-alert-id]', { hasText: 'phone-db' });
    await card.getByRole('button', { name: 'Acknowledge' }).click();
    await card.getByText('Acknowledged').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('renews an expired token by itself, and says so when it cannot', async () => {
    const { page } = await openPage(journey.browser);
    await signIn(page, `${journey.instance.url}/alerts`, 'Rosa');
    journey.instance.advance(2 * 3_600_000);
    await fillDisk('later-db');
    await page.locator('[data-alert-id]', { hasText: 'later-db' }).waitFor();
    await page.locator('[data-status=live]').waitFor();

    await page.evaluate(() => {
      const key = Object.keys(sessionStorage).find((name) => name.startsWith('oidc.user:'))!;
      const user = JSON.parse(sessionStorage.getItem(key)!) as Record<string, unknown>;
      delete user['refresh_token'];
      sessionStorage.setItem(key, JSON.stringify(user));
    });
    journey.instance.advance(2 * 3_600_000);
    await fillDisk('latest-db');
    await page.getByText('Your session has expired').first().waitFor();
    await page.locator('[data-alert-id]', { hasText: 'later-db' }).waitFor();
    await page.getByRole('button', { name: 'Sign in again' }).click();
    await page.locator('[data-alert-id]', { hasText: 'latest-db' }).waitFor();
    await page.context().close();
  }, 60_000);
});
