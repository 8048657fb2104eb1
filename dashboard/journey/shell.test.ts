import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import type { Page, WebSocketRoute } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { useJourney } from '#infra/scenarios/journey.testing.ts';

import { findBarriersInThemes, openPage, signIn } from './page.ts';

const journey = useJourney(({ callAs }) =>
  // Incidents have a journey of their own; here each record makes one alert and no more.
  callAs('ada', 'PUT', '/v1/incidents/settings', { auto_escalate: false }),
);

const { callAs } = journey;

function fillDisks(service: string, hosts: readonly string[], batch = 0): Promise<void> {
  return journey.fillDisks(service, hosts, { batch });
}

interface Message {
  method?: string;
  params?: { topic: string; epoch: string; to: number; items: Line[] };
  result?: { topic?: string; items?: Line[]; position?: { epoch: string; offset: number } };
}

type Line = Record<string, unknown> & { alert_id: string; revision: number; count: number };

/** Stands between server and page: keeps messages back while they are held, and adds some. */
async function standBetween(page: Page, isWanted: (message: Message) => boolean) {
  const held: (() => void)[] = [];
  const lines: Line[] = [];
  let isHeld = false;
  let send: (message: object) => void = () => {};
  let head = { epoch: '', offset: 0 };
  await page.routeWebSocket(/\/live\?/, (socket: WebSocketRoute) => {
    const server = socket.connectToServer();
    send = (message) => socket.send(JSON.stringify(message));
    server.onMessage((data) => {
      const message = JSON.parse(data.toString()) as Message;
      const { params, result } = message;
      if (message.method === 'event' && params?.topic === 'alerts') {
        lines.push(...params.items);
        head = { epoch: params.epoch, offset: params.to };
      }
      if (result?.topic === 'alerts' && result.position) {
        lines.push(...(result.items ?? []));
        head = result.position;
      }
      const pass = () => socket.send(data);
      if (isHeld && isWanted(message)) held.push(pass);
      else pass();
    });
  });
  return {
    hold: () => (isHeld = true),
    release: () => {
      isHeld = false;
      for (const pass of held.splice(0)) pass();
    },
    /** The newest line of an alert that the server told. */
    lineOf: (alertId: string) => lines.findLast(({ alert_id }) => alert_id === alertId)!,
    /** Tells the page of alerts as the server would, in one frame. */
    tell: (items: readonly Line[]) => {
      const at = { from: head.offset + 1, to: ++head.offset };
      send({
        jsonrpc: '2.0',
        method: 'event',
        params: { topic: 'alerts', epoch: head.epoch, ...at, items },
      });
    },
  };
}

const rowOf = (page: Page, host: string) => page.locator('[data-alert-id]', { hasText: host });

describe('acknowledging', () => {
  it('shows before the server has answered, and can be undone', async () => {
    await fillDisks('undo', ['undo-db']);
    const { page, faults } = await openPage(journey.browser);
    const server = await standBetween(page, () => true);
    await signIn(page, `${journey.instance.url}/alerts?service=undo`, 'Rosa');
    const row = rowOf(page, 'undo-db');
    await row.waitFor();
    await page.keyboard.press('j');
    server.hold();
    await page.keyboard.press('a');
    await row.getByText('Acknowledged', { exact: true }).waitFor();
    const message = page.getByRole('status').filter({ hasText: 'Acknowledged: ' });
    await message.getByRole('button', { name: 'Undo' }).waitFor();
    server.release();
    await page.keyboard.press('z');
    await row.getByText('Open', { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('cell', { name: /^Acknowledged by user:rosa/ }).waitFor();
    await page
      .getByRole('cell', { name: /user:rosa/ })
      .nth(1)
      .waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('is taken back when somebody was faster, and says who', async () => {
    await fillDisks('race', ['race-db']);
    const { page } = await openPage(journey.browser);
    const server = await standBetween(page, ({ method }) => method === 'event');
    await signIn(page, `${journey.instance.url}/alerts?service=race`, 'Rosa');
    const row = rowOf(page, 'race-db');
    await row.waitFor();
    const alertId = (await row.getAttribute('data-alert-id'))!;
    server.hold();
    await callAs('ada', 'POST', `/v1/alerts/${alertId}/resolve`, {});
    await page.keyboard.press('j');
    await page.keyboard.press('a');
    const refusal = page.getByRole('alert').filter({ hasText: 'Not acknowledged' });
    await refusal.getByText(/user:ada resolved it \d+ s ago\./).waitFor();
    await row.getByText('Resolved', { exact: true }).waitFor();
    await page.context().close();
  }, 60_000);

  it('by a viewer is refused with the role it takes', async () => {
    await fillDisks('viewed', ['viewed-db']);
    const { page, faults } = await openPage(journey.browser);
    await signIn(page, `${journey.instance.url}/alerts?service=viewed`, 'Vera');
    const row = rowOf(page, 'viewed-db');
    await row.waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('a');
    await page.getByText('Needs the role responder or admin.', { exact: true }).waitFor();
    await row.getByText('Open', { exact: true }).waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);
});

describe('the list of alerts', () => {
  it('keeps selection, focus and an open menu in place under 1,000 updates', async () => {
    await fillDisks('herd', ['herd-first']);
    const { page, faults } = await openPage(journey.browser);
    const server = await standBetween(page, () => false);
    await signIn(page, `${journey.instance.url}/alerts?service=herd`, 'Rosa');
    const rows = page.locator('[data-alert-id]');
    const first = rowOf(page, 'herd-first');
    await first.waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByText('1 selected').waitFor();
    await page.getByRole('button', { name: /^More for .*herd-first/ }).click();
    const entry = page.getByRole('menuitem', { name: 'Resolve' });
    await entry.waitFor();

    const line = server.lineOf((await first.getAttribute('data-alert-id'))!);
    for (let n = 1; n <= 1_000; n++) {
      const later = { ...line, revision: line.revision + n, count: line.count + n };
      const other = {
        ...line,
        alert_id: `herd-${n}`,
        title: `herd ${n}`,
        created_at: '2099-01-01',
      };
      server.tell(n <= 20 ? [later, other] : [later]);
    }
    await first.getByText(/^1,001/).waitFor();
    await page.getByRole('button', { name: '20 new' }).waitFor();
    expect(await rows.count()).toBe(1);
    expect(await entry.isVisible()).toBe(true);
    expect(await page.getByText('1 selected').isVisible()).toBe(true);

    await page.keyboard.press('Escape');
    await page.keyboard.press('u');
    await page.locator('[data-alert-id="herd-20"]').waitFor();
    expect(await rows.count()).toBe(21);
    await page.getByText('1 selected').waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('is put together by service, folded, kept as a view and found again', async () => {
    await fillDisks('fold', ['fold-db']);
    const { page, faults } = await openPage(journey.browser);
    await signIn(page, `${journey.instance.url}/alerts?q=fold&group=service`, 'Rosa');
    const row = rowOf(page, 'fold-db');
    await row.waitFor();
    await page.getByRole('button', { name: /^fold .*1 open of 1/ }).click();
    await row.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Save this view' }).click();
    await page.getByLabel('Name').fill('Folded');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('link', { name: 'Active' }).click();
    await page.reload();
    await page.getByRole('link', { name: 'Folded' }).click();
    await row.waitFor();
    expect(new URL(page.url()).search).toBe('?q=fold&group=service');
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);
});

describe('the shell', () => {
  it('goes to an alert by a few letters, and to places by two keys that can be switched off', async () => {
    await fillDisks('found', ['found-db']);
    const { page, faults } = await openPage(journey.browser);
    await signIn(page, `${journey.instance.url}/alerts?service=found`, 'Rosa');
    await rowOf(page, 'found-db').waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('found-db');
    await page.getByRole('option', { name: /found-db/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /found-db/ }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.getByRole('heading', { level: 1, name: 'Incidents' }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).getByText('Live feed').waitFor();
    await page.keyboard.press('Escape');

    await page.goto(`${journey.instance.url}/settings`);
    await page.getByRole('radio', { name: 'Off' }).check();
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.keyboard.press('?');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Place, alert or action' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(1);
    expect(new URL(page.url()).pathname).toBe('/settings');
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('reaches every place on a phone', async () => {
    const { page, faults } = await openPage(journey.browser, { width: 390, height: 844 });
    await signIn(page, `${journey.instance.url}/alerts`, 'Rosa');
    await page.getByRole('button', { name: 'Menu', exact: true }).click();
    const menu = page.getByRole('dialog', { name: 'Menu' });
    const names = await menu.getByRole('link').allInnerTexts();
    expect(names.length).toBeGreaterThan(5);
    await menu.getByRole('link', { name: 'Quarantine' }).click();
    await page.getByRole('heading', { level: 1, name: 'Quarantine' }).waitFor();
    expect(await menu.count()).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('says that a new version is deployed', async () => {
    const { page, faults } = await openPage(journey.browser);
    const html = readFileSync(join(journey.built, 'index.html'), 'utf8');
    await page.route('**/index.html', (route) =>
      route.fulfill({ body: html.replace(/\/assets\/[\w-]+\.js/, '/assets/index-newer.js') }),
    );
    await signIn(page, `${journey.instance.url}/alerts`, 'Vera');
    await page.getByText('A new version of this dashboard is here.').waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('loads within its budgets', async () => {
    const { page } = await openPage(journey.browser);
    await signIn(page, `${journey.instance.url}/alerts`, 'Vera');
    await page.getByRole('heading', { level: 1, name: 'Alerts' }).waitFor();
    const names = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname),
    );
    const sizeOf = (ending: string) =>
      [...new Set(names.filter((name) => name.endsWith(ending)))]
        .map((name) => gzipSync(readFileSync(join(journey.built, name))).length)
        .reduce((sum, bytes) => sum + bytes, 0);
    const [scripts, styles] = [sizeOf('.js'), sizeOf('.css')];
    console.log(`first route, gzip: ${scripts} B of scripts, ${styles} B of styles`);
    expect(scripts).toBeGreaterThan(0);
    expect(scripts).toBeLessThanOrEqual(130 * 1024);
    expect(styles).toBeGreaterThan(0);
    expect(styles).toBeLessThanOrEqual(12 * 1024);
    await page.context().close();
  }, 60_000);

  it('has no barrier in any theme: lists, one alert, settings, palette, keys, menu', async () => {
    await fillDisks('barrier', ['barrier-db']);
    const { page, faults } = await openPage(journey.browser);
    await signIn(page, `${journey.instance.url}/alerts?service=barrier`, 'Rosa');
    const row = rowOf(page, 'barrier-db');
    await row.waitFor();
    const detail = (await row.locator('a').first().getAttribute('href'))!;
    const barriers: string[] = [];
    const look = async (what: string) => {
      for (const barrier of await findBarriersInThemes(page)) barriers.push(`${what} ${barrier}`);
    };
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByText('1 selected').waitFor();
    await look('/alerts');
    await row.getByRole('button', { name: /^More for/ }).click();
    await look('menu');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await look('keys');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByRole('option').first().waitFor();
    await look('palette');
    const paths = [detail, '/alerts?group=service', '/incidents', '/settings', '/nowhere'];
    for (const path of paths) {
      await page.goto(`${journey.instance.url}${path}`);
      await page.locator('[data-status=live]').waitFor();
      await page.locator('h1').first().waitFor();
      await look(path);
    }
    expect(barriers).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  }, 120_000);
});
