import { existsSync } from 'node:fs';

import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';

/** No background traffic, no sandbox where containers forbid it. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** A headless browser: the one of `@sparticuz/chromium` on Linux, else one that is installed. */
export async function launchBrowser(): Promise<Browser> {
  const found = SYSTEM.find((path) => existsSync(path));
  if (process.platform !== 'linux') {
    if (found === undefined) throw new Error('Install Chrome to run the browser tests.');
    return playwright.launch({ executablePath: found, args: FLAGS });
  }
  try {
    const executablePath = await chromium.executablePath();
    return await playwright.launch({ executablePath, args: FLAGS });
  } catch (error) {
    if (found === undefined) throw error;
    return playwright.launch({ executablePath: found, args: FLAGS });
  }
}
