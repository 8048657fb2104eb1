import axeCore from 'axe-core';
import type { Browser, Page } from 'playwright-core';

/** A page with a note of everything that a good page never says. */
export interface WatchedPage {
  page: Page;
  /** Console errors, uncaught exceptions and violations of the content security policy. */
  faults: string[];
}

/** A page of its own context, watched from the first byte. */
export async function openPage(
  browser: Browser,
  viewport = { width: 1280, height: 800 },
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  await page.exposeFunction('noteViolation', (what: string) => faults.push(`CSP: ${what}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const note = (globalThis as unknown as { noteViolation: (what: string) => void })
        .noteViolation;
      note(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return { page, faults };
}

/** Signs in by clicking through the sign-in page of a local instance; waits until the page is live. */
export async function signIn(page: Page, url: string, name: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('button', { name }).click();
  await page.locator('[data-status=live]').waitFor();
}

/** Violations of the accessibility rules axe-core knows, one line each. */
export async function findBarriers(page: Page): Promise<string[]> {
  await page.evaluate(axeCore.source);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
}

/** Barriers of a page as it stands, in every theme; each line says in which. */
export async function findBarriersInThemes(page: Page): Promise<string[]> {
  const barriers: string[] = [];
  for (const theme of ['light', 'contrast', 'dark']) {
    await page.evaluate((name) => {
      document.documentElement.dataset['theme'] = name;
    }, theme);
    for (const barrier of await findBarriers(page)) barriers.push(`${theme} ${barrier}`);
  }
  return barriers;
}
