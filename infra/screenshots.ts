import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import type { Browser, Page } from 'playwright-core';

import { launchBrowser } from './browser.ts';
import { ensureDashboard } from './dashboard-build.ts';
import { startInstance } from './local/instance.ts';
import { uploadDashboard } from './local/site/upload.ts';
import { seedDefaults, seedDemo } from './seed.ts';
import { simulate } from './simulator/simulate.ts';
import { STREAM } from './topology.ts';

/** Where the README looks for its pictures. */
const DIRECTORY = fileURLToPath(new URL('../dashboard/picture', import.meta.url));
const HELP = `npm run screenshots [-- options]: the pictures of the README, from a demo of its own

  --all        every screen, wide and narrow, dark and light, into --to
  --to DIR     another directory than dashboard/picture
  --seconds N  how long the demo runs before the first picture (75)`;

/** Screens that --all visits; the first alert and incident of their lists besides. */
const PLACES = [
  '/',
  '/alerts',
  '/incidents',
  '/feed',
  '/rules',
  '/rules/new',
  '/quarantine',
  '/sources',
  '/policies',
  '/schedules',
  '/silences',
  '/deliveries',
  '/settings',
];
const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };
type Size = keyof typeof SIZES;
type Theme = 'dark' | 'light';

const { values } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    to: { type: 'string', default: DIRECTORY },
    seconds: { type: 'string', default: '75' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) console.log(HELP);
else await takePictures();

/** Runs the demo on an instance of its own with the same seed each time, and looks at it as Rosa. */
async function takePictures(): Promise<void> {
  mkdirSync(values.to, { recursive: true });
  const home = mkdtempSync(join(tmpdir(), 'sentry-screenshots-'));
  const directory = await ensureDashboard();
  const instance = await startInstance({ port: 0, home });
  const demo = new AbortController();
  const browser = await launchBrowser();
  try {
    await seedDefaults(instance);
    await seedDemo(instance);
    await uploadDashboard(instance.services.s3, directory);
    process.env['AWS_ENDPOINT_URL'] = instance.url;
    process.env['AWS_ACCESS_KEY_ID'] = 'local';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'local';
    process.env['AWS_REGION'] = 'us-east-1';
    const traffic = simulate({
      stream: STREAM.name,
      rate: 20,
      faultEverySeconds: 8,
      seed: 7,
      signal: demo.signal,
      log: () => {},
    });
    console.log(`the demo runs for ${values.seconds} s …`);
    await sleep(Number(values.seconds) * 1_000);
    if (values.all) await pictureAll(browser, instance.url);
    else await pictureReadme(browser, instance.url);
    demo.abort();
    await traffic;
  } finally {
    demo.abort();
    await browser.close();
    await instance.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

async function pictureReadme(browser: Browser, url: string): Promise<void> {
  const dark = await openAs(browser, url, 'wide', 'dark');
  await keep(dark, 'overview');
  const light = await openAs(browser, url, 'wide', 'light');
  await visit(light, url, '/alerts');
  await light.locator('a[href^="/alerts/"]').first().click();
  await settle(light);
  await keep(light, 'alert');
}

async function pictureAll(browser: Browser, url: string): Promise<void> {
  for (const size of Object.keys(SIZES) as Size[])
    for (const theme of ['dark', 'light'] as const) {
      const page = await openAs(browser, url, size, theme);
      for (const place of PLACES) {
        await visit(page, url, place);
        await keep(page, `${nameOf(place)}-${size}-${theme}`);
        const opens = ['/alerts', '/incidents'].includes(place);
        const link = page.locator(`a[href^="${place}/"]`).first();
        if (!opens || (await link.count()) === 0) continue;
        await link.click();
        await settle(page);
        await keep(page, `${nameOf(place)}-one-${size}-${theme}`);
      }
      await page.context().close();
    }
}

async function openAs(browser: Browser, url: string, size: Size, theme: Theme): Promise<Page> {
  const context = await browser.newContext({ viewport: SIZES[size] });
  await context.addInitScript((name) => localStorage.setItem('sentry.theme', name), theme);
  const page = await context.newPage();
  page.on('pageerror', ({ message }) => console.error(`! ${message}`));
  await page.goto(url);
  await page.getByRole('button', { name: 'Rosa' }).click();
  await page.locator('[data-status=live]').waitFor();
  await settle(page);
  return page;
}

async function visit(page: Page, url: string, place: string): Promise<void> {
  await page.goto(`${url}${place}`);
  await page.locator('[data-status=live]').waitFor();
  await settle(page);
}

/** Lazy parts and the first rows have come. */
async function settle(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await page.waitForLoadState('networkidle').catch(() => {});
  await sleep(2_500);
}

async function keep(page: Page, name: string): Promise<void> {
  const path = join(values.to, `${name}.png`);
  await page.screenshot({ path });
  console.log(path);
}

function nameOf(place: string): string {
  return place === '/' ? 'overview' : place.slice(1).replaceAll('/', '-');
}
