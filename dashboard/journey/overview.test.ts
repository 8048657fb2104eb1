import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { seedDemo } from '#infra/seed.ts';
import { useJourney } from '#infra/scenarios/journey.testing.ts';

import { findBarriers, openPage, signIn } from './page.ts';

const journey = useJourney();

function send(event: { type: string; service: string; payload?: object }): Promise<void> {
  return journey.put([{ key: event.service, event }]);
}

function fillDisk(service: string): Promise<void> {
  return journey.fillDisks(service, [`${service}-db`]);
}

function panel(page: Page, name: string) {
  return page.locator(`[data-panel=${name}]`);
}

describe('the overview', () => {
  it('says on an empty system that there is nothing, and how to see something', async () => {
    const { page, faults } = await openPage(journey.browser, { width: 1440, height: 900 });
    await signIn(page, journey.instance.url, 'Vera');
    await panel(page, 'feed').getByText('No event has come').waitFor();
    await panel(page, 'feed').getByText('npx sentry send').waitFor();
    await panel(page, 'health').getByText('No service is known yet').waitFor();
    await panel(page, 'summary').getByText('All quiet').waitFor();
    await panel(page, 'timeline').getByText('No incident yet').waitFor();
    await panel(page, 'hooks').getByText('No incident is open').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('sends a test event for those who may, and shows what comes of it', async () => {
    const { page, faults } = await openPage(journey.browser);
    await signIn(page, journey.instance.url, 'Ada');
    await panel(page, 'feed').getByRole('button', { name: 'Send a test event' }).click();
    await panel(page, 'summary')
      .getByRole('link', { name: /of shop$/ })
      .waitFor();
    await panel(page, 'health').locator('[data-service=shop]').waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('fills every panel with what happens, and each number leads to its alerts', async () => {
    await seedDemo(journey.instance);
    const { page, faults } = await openPage(journey.browser, { width: 1440, height: 900 });
    await signIn(page, journey.instance.url, 'Rosa');
    await panel(page, 'feed').locator('[data-followed=true]').waitFor();
    await fillDisk('payments');
    await panel(page, 'feed').getByRole('cell', { name: 'payments' }).first().waitFor();
    const map = panel(page, 'health');
    await map.locator('[data-service=payments].heat-ERROR').waitFor();
    await map.locator('[data-service=checkout].heat-impaired').waitFor();
    await map.locator('[data-service=inventory].heat-quiet').waitFor();
    await panel(page, 'timeline').getByText('Incident opened').first().waitFor();
    await panel(page, 'rules').getByRole('switch', { name: /^Disk/ }).waitFor();
    await panel(page, 'hooks').getByText('slack-ops').waitFor();
    await panel(page, 'hooks')
      .getByRole('button', { name: /^Escalate/ })
      .first()
      .waitFor();
    const scroll = await page.evaluate(() => document.documentElement.scrollHeight);
    expect(scroll).toBe(900);

    const cell = panel(page, 'summary').getByRole('link', { name: /Error of payments$/ });
    // One for the disk, one that its incident's escalation made.
    await expect.poll(() => cell.innerText(), { timeout: 15_000 }).toBe('2');
    await cell.click();
    await page.waitForURL((url) => url.pathname === '/alerts');
    const { searchParams } = new URL(page.url());
    expect(searchParams.get('severity')).toBe('ERROR');
    expect(searchParams.get('service')).toBe('payments');
    await page.locator('[data-alert-id]').nth(1).waitFor();
    expect(await page.locator('[data-alert-id]').count()).toBe(2);
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('shows hostile names as text', async () => {
    const name = '<img src=x onerror=alert(1)>\u202egnp';
    await fillDisk(name);
    const { page, faults } = await openPage(journey.browser, { width: 1440, height: 900 });
    await signIn(page, journey.instance.url, 'Rosa');
    await panel(page, 'summary').getByText('<img src=x').first().waitFor();
    await panel(page, 'health')
      .getByRole('link', { name: /^<img src=x.*\\u202e/ })
      .waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('gives one panel the whole page, and a wall nothing to press; the address says so', async () => {
    const { page, faults } = await openPage(journey.browser, { width: 1440, height: 900 });
    await signIn(page, journey.instance.url, 'Rosa');
    await page.getByRole('button', { name: 'Full screen: Service health map' }).click();
    expect(new URL(page.url()).search).toBe('?focus=health');
    await panel(page, 'health')
      .getByRole('row', { name: /^payments/ })
      .waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => new URL(page.url()).search).toBe('');
    await page.goto(`${journey.instance.url}/?focus=feed`);
    await panel(page, 'feed').getByRole('button', { name: 'Leave full screen' }).waitFor();

    await page.goto(`${journey.instance.url}/?kiosk=1`);
    await page.locator('.wall-clock').waitFor();
    await page.locator('.connection-live').filter({ visible: true }).waitFor();
    await panel(page, 'health').locator('[data-service=payments]').waitFor();
    expect(await page.locator('.header').isVisible()).toBe(false);
    const controls = page.locator('.overview-head button, .panel-head button, .feed-filter');
    expect(await controls.filter({ visible: true }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.locator('.header').waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('pauses and filters the feed', async () => {
    const { page, faults } = await openPage(journey.browser, { width: 1440, height: 900 });
    await signIn(page, journey.instance.url, 'Rosa');
    const feed = panel(page, 'feed');
    await feed.locator('[data-followed=true]').waitFor();
    await send({ type: 'journey.before', service: 'web' });
    await feed.getByRole('cell', { name: 'journey.before' }).waitFor();
    await feed.getByRole('button', { name: 'Pause' }).click();
    await send({ type: 'journey.during', service: 'web' });
    await feed.getByText(/Paused; [1-9]/).waitFor();
    expect(await feed.getByRole('cell', { name: 'journey.during' }).count()).toBe(0);
    await feed.getByRole('button', { name: 'Go on' }).click();
    await feed.getByRole('cell', { name: 'journey.during' }).waitFor();

    await feed.getByRole('searchbox').fill('journey.before');
    await expect.poll(() => feed.getByRole('cell', { name: 'journey.during' }).count()).toBe(0);
    expect(await feed.getByRole('cell', { name: 'journey.before' }).count()).toBe(1);
    expect(new URL(page.url()).searchParams.get('q')).toBe('journey.before');
    await feed.getByRole('button', { name: 'Critical' }).click();
    await feed.getByText('None of the last events matches').waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('lets go of the feed while its tab is hidden', async () => {
    const { page, faults } = await openPage(journey.browser);
    const sent: string[] = [];
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => sent.push(String(payload))),
    );
    await signIn(page, journey.instance.url, 'Rosa');
    const asks = (method: string) =>
      sent.filter((text) => text.includes(`"${method}"`) && text.includes('"feed"')).length;
    await expect.poll(() => asks('subscribe')).toBe(1);
    const turn = (state: string) =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'visibilityState', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    await turn('hidden');
    await expect.poll(() => asks('unsubscribe')).toBe(1);
    await turn('visible');
    await expect.poll(() => asks('subscribe')).toBe(2);
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('shows a viewer what it would take to act', async () => {
    const { page, faults } = await openPage(journey.browser, { width: 1440, height: 900 });
    await signIn(page, journey.instance.url, 'Vera');
    for (const [control, role] of [
      [panel(page, 'rules').getByRole('switch').first(), 'rule-author'],
      [
        panel(page, 'hooks')
          .getByRole('button', { name: /^Send a test/ })
          .first(),
        'rule-author',
      ],
      [
        panel(page, 'hooks')
          .getByRole('button', { name: /^Escalate/ })
          .first(),
        'responder',
      ],
    ] as const) {
      await control.waitFor();
      expect(await control.isDisabled()).toBe(true);
      expect(await control.getAttribute('title')).toBe(`Needs the role ${role} or admin`);
    }
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('lets a rule author switch a rule off and on', async () => {
    const { page, faults } = await openPage(journey.browser, { width: 1440, height: 900 });
    await signIn(page, journey.instance.url, 'Ruth');
    const toggle = panel(page, 'rules').getByRole('switch', { name: /^Disk/ });
    await toggle.click();
    await panel(page, 'rules').getByRole('switch', { name: /^Disk/, checked: false }).waitFor();
    await toggle.click();
    await panel(page, 'rules').getByRole('switch', { name: /^Disk/, checked: true }).waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('sends a test message, and escalates an incident once it was asked', async () => {
    const { page, faults } = await openPage(journey.browser, { width: 1440, height: 900 });
    await signIn(page, journey.instance.url, 'Ada');
    const hooks = panel(page, 'hooks');
    await hooks.getByRole('button', { name: 'Send a test over slack-ops' }).click();
    await hooks.getByRole('status').filter({ hasText: /^Sent/ }).waitFor();
    const incident = hooks.getByRole('listitem').filter({ hasText: 'payments-db' });
    await incident.getByRole('button', { name: /^Escalate/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Escalate' }).click();
    await incident.getByText('Escalated to level 2').waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('keeps the other panels when one fails, and tries again', async () => {
    const { page, faults } = await openPage(journey.browser, { width: 1440, height: 900 });
    let isRefused = true;
    const data = { code: 'unavailable', detail: 'The store rests.' };
    // Before the socket is open an operation goes over HTTP.
    await page.route('**/v1/health/map', (route) =>
      isRefused ? route.fulfill({ status: 503, json: data }) : route.continue(),
    );
    await page.routeWebSocket(/\/live\?/, (socket) => {
      const server = socket.connectToServer();
      socket.onMessage((message) => {
        const { id, method } = JSON.parse(String(message)) as { id?: number; method: string };
        if (!isRefused || method !== 'health.map') return server.send(message);
        socket.send(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32000, data } }));
      });
    });
    await signIn(page, journey.instance.url, 'Rosa');
    await panel(page, 'health').getByText('The store rests.').waitFor();
    await panel(page, 'summary')
      .getByRole('link', { name: /of payments$/ })
      .waitFor();
    expect(await findBarriers(page)).toEqual([]);
    isRefused = false;
    await panel(page, 'health').getByRole('button', { name: 'Try again' }).click();
    await panel(page, 'health').locator('[data-service=payments]').waitFor();
    expect(faults.filter((fault) => !fault.includes('503'))).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('has no barrier in any theme, focused, on a wall and on a phone', async () => {
    const { page, faults } = await openPage(journey.browser, { width: 1440, height: 900 });
    await signIn(page, journey.instance.url, 'Rosa');
    const barriers: string[] = [];
    for (const theme of ['dark', 'light', 'contrast']) {
      for (const path of ['/', '/?focus=health', '/?kiosk=1']) {
        await page.goto(`${journey.instance.url}${path}`);
        await page.evaluate((name) => (document.documentElement.dataset['theme'] = name), theme);
        await panel(page, 'summary')
          .getByRole('link', { name: /of payments$/ })
          .waitFor();
        await panel(page, 'timeline').getByRole('listitem').first().waitFor();
        await panel(page, 'health').locator('[data-service=payments]').first().waitFor();
        for (const barrier of await findBarriers(page))
          barriers.push(`${theme} ${path} ${barrier}`);
      }
    }
    expect(barriers).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(journey.instance.url);
    await panel(page, 'health').locator('[data-service=payments]').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(await findBarriers(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  }, 120_000);
});
