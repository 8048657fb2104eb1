import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
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
let built: string;
let instance: Instance;
let kinesis: KinesisClient;
let browser: Browser;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'sentry-rule-'));
  built = await ensureDashboard();
  [instance, browser] = await Promise.all([startInstance({ port: 0, home }), launchBrowser()]);
  await seedDefaults(instance);
  await uploadDashboard(instance.services.s3, built);
  kinesis = new KinesisClient({
    endpoint: instance.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  kinesis?.destroy();
  await instance?.stop();
  rmSync(home, { recursive: true, force: true });
});

/** Asks the API as somebody else, past the page. */
async function callAs(who: string, method: string, path: string, body?: object) {
  const { access_token } = (await instance.oidc.issueToken(who))!;
  const answer = await fetch(`${instance.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(answer.ok).toBe(true);
  return (await answer.json()) as Record<string, unknown>;
}

const RULES = '/v1/alerts/policies';

function purchase(outcome: string, sequence: number) {
  const timestamp = `+${sequence}`;
  return { source: 'till', type: 'purchase', service: 'till', timestamp, payload: { outcome } };
}

/** A rule whose tests pass. */
function ruleOf(rule_id: string, fields: object = {}) {
  return {
    rule_id,
    name: `Rule ${rule_id}`,
    state: 'DRAFT',
    severity: 'WARN',
    pattern: { type: ['purchase'], payload: { outcome: [rule_id] } },
    detector: { kind: 'match' },
    title: `Purchase {payload.outcome}`,
    tests: [
      { name: 'its outcome fires', expect: 'fires', events: [purchase(rule_id, 0)] },
      { name: 'another is quiet', expect: 'quiet', events: [purchase('paid', 0)] },
    ],
    ...fields,
  };
}

const editorOf = (page: Page) => page.getByRole('textbox', { name: 'Rule as JSON' });

/** Replaces the text of the editor. */
async function write(page: Page, value: unknown): Promise<void> {
  const text = typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
  await editorOf(page).fill(text);
}

/** Answers the dialog that asks why. */
async function confirm(page: Page, verb: string, reason: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /^Reason/ }).fill(reason);
  await dialog.getByRole('button', { name: verb, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

const openTab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true }).click();
const stateBadge = (page: Page, state: string) =>
  page.locator(`.detail-badges .state-rule-${state}`).waitFor();

describe('an author', () => {
  it('writes a rule, sees what is wrong, tries it, brings it to life, changes it and takes it back', async () => {
    const { page, faults } = await openPage(browser);
    await signIn(page, `${instance.url}/rules`, 'Ruth');
    await page.getByRole('link', { name: 'New rule' }).click();
    await page.getByText('2 of 2 tests pass').waitFor();

    await write(page, ruleOf('refused', { severity: 'LOUD', colour: 'red' }));
    const wrong = page.getByRole('button', { name: /^severity/ });
    await wrong.waitFor();
    await page.locator('.cm-lintRange-error').first().waitFor();
    await wrong.click();
    await page.locator('.cm-editor.cm-focused').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.after-editor:focus').waitFor();

    await write(page, '{\n  "rule_id": "refused",\n  \n}');
    await editorOf(page).press('ArrowUp');
    await page.keyboard.press('Control+Space');
    await page.getByRole('option', { name: '"severity"' }).waitFor();
    await page.keyboard.type('"sev');
    await page.getByRole('option').nth(1).waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await editorOf(page).getByText('"severity"').waitFor();

    await write(page, ruleOf('refused'));
    await page.getByText('2 of 2 tests pass').waitFor();
    await page.getByRole('button', { name: 'Create rule' }).click();
    await confirm(page, 'Create', 'purchases are refused');
    await page.getByRole('heading', { level: 1, name: 'Rule refused' }).waitFor();

    await page.getByRole('button', { name: 'Run the test' }).click();
    await page.getByText('✓ Passed').nth(1).waitFor();
    await page.getByRole('button', { name: 'Pasted events' }).click();
    const lines = ['refused', 'paid'].map((outcome) => JSON.stringify(purchase(outcome, 1)));
    await page.getByLabel('Events', { exact: true }).fill(lines.join('\n'));
    await page.getByRole('button', { name: 'Run the test' }).click();
    await page.getByText('Alert that would open: Purchase refused').waitFor();
    await page.getByText('1 event matched').waitFor();
    expect(await findBarriersInThemes(page)).toEqual([]);

    await openTab(page, 'State');
    await page.getByRole('button', { name: 'Stage' }).click();
    await confirm(page, 'Stage', 'on trial');
    await stateBadge(page, 'STAGED');
    await page.getByRole('button', { name: 'Enable' }).click();
    await confirm(page, 'Enable', 'it works');
    await stateBadge(page, 'ENABLED');

    await openTab(page, 'Edit');
    await write(page, ruleOf('refused', { state: 'ENABLED', name: 'Refused, in other words' }));
    await page.getByText('2 of 2 tests pass').waitFor();
    await page.keyboard.press('Control+s');
    await confirm(page, 'Save', 'a better name');
    await page.getByRole('heading', { level: 1, name: 'Refused, in other words' }).waitFor();

    await openTab(page, 'History');
    await page.getByRole('cell', { name: 'a better name' }).waitFor();
    await page.locator('.cm-deletedChunk').first().waitFor();
    await page.getByText('As a table').click();
    await page.getByRole('cell', { name: '"Rule refused"' }).waitFor();
    expect(await findBarriersInThemes(page)).toEqual([]);
    await page.getByRole('button', { name: 'Roll back to 3' }).click();
    await confirm(page, 'Roll back', 'the old name was known');
    await page.getByRole('heading', { level: 1, name: 'Rule refused' }).waitFor();
    await page.getByRole('cell', { name: 'the old name was known' }).waitFor();
    expect((await callAs('ruth', 'GET', `${RULES}/refused`))['version']).toBe(5);
    expect(faults).toEqual([]);
    await page.context().close();
  }, 120_000);

  it('is shown what was found in the archive, hour by hour', async () => {
    await callAs('ruth', 'POST', RULES, ruleOf('archived'));
    await kinesis.send(
      new PutRecordsCommand({
        StreamName: STREAM.name,
        Records: [1, 2, 3].map((sequence) => ({
          PartitionKey: 'archived',
          Data: Buffer.from(
            JSON.stringify({
              source: 'till',
              type: 'purchase',
              service: 'till',
              payload: { outcome: 'archived', sequence },
            }),
          ),
        })),
      }),
    );
    const { page, faults } = await openPage(browser);
    await signIn(page, `${instance.url}/rules/archived?tab=backtest`, 'Ruth');
    const matches = page.locator('.figures div', { hasText: 'Matches' }).locator('dd');
    const run = async () => {
      const address = page.url();
      await page.getByRole('button', { name: 'Start' }).click();
      await page.waitForURL((url) => url.href !== address);
      await page.getByRole('heading', { name: 'The backtest is done' }).waitFor();
      return matches.innerText();
    };
    // The archive follows the stream by a few seconds.
    let found = await run();
    while (found !== '3') found = await run();
    await page.locator('.hours-canvas canvas').waitFor();
    await page.getByText('As a table').click();
    await page.getByRole('region', { name: 'Matches by hour' }).getByText('3').waitFor();
    await page.getByText('Purchase archived').waitFor();
    expect(await findBarriersInThemes(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  }, 120_000);

  it('learns who was faster and what differs, and is asked before unsaved text is left', async () => {
    await callAs('ruth', 'POST', RULES, ruleOf('contested'));
    const { page, faults } = await openPage(browser);
    await signIn(page, `${instance.url}/rules/contested`, 'Ruth');
    await write(page, ruleOf('contested', { description: 'mine' }));
    await page.getByText('Not saved').waitFor();
    await callAs('ada', 'PUT', `${RULES}/contested`, {
      ...ruleOf('contested', { description: 'theirs' }),
      reason: 'Ada was first',
    });

    await page.getByRole('link', { name: 'Alerts' }).first().click();
    const question = page.getByRole('dialog', { name: 'Leave without saving?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    await page.reload();
    await page.getByText('Not saved').waitFor();

    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByLabel('Reason').fill('I know better');
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
    const conflict = page.getByRole('dialog', { name: 'Somebody else was faster' });
    await conflict.getByText('ada', { exact: true }).waitFor();
    await conflict.getByText('Ada was first').waitFor();
    await conflict.locator('.cm-deletedChunk').getByText('theirs').waitFor();
    expect(await findBarriersInThemes(page)).toEqual([]);
    await conflict.getByRole('button', { name: 'Save mine over it' }).click();
    await conflict.waitFor({ state: 'detached' });
    await page.getByText(/version 3 by/).waitFor();
    const saved = await callAs('ruth', 'GET', `${RULES}/contested`);
    expect([saved['description'], saved['reason']]).toEqual(['mine', 'I know better']);
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('enables a rule without tests only with a reason, and takes rules out and in', async () => {
    await callAs('ruth', 'POST', RULES, ruleOf('untested', { tests: [] }));
    const { page, faults } = await openPage(browser);
    await signIn(page, `${instance.url}/rules?q=untested`, 'Ruth');
    await page.getByRole('switch', { name: 'Rule untested is on' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/expected to be "quiet"/).waitFor();
    await dialog.getByRole('checkbox').check();
    await confirm(page, 'Enable without passing tests', 'watched by hand');
    await page.getByRole('switch', { name: 'Rule untested is on', checked: true }).waitFor();

    await page.getByRole('checkbox', { name: 'Select Rule untested' }).check();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export 1 selected' }).click(),
    ]);
    const text = readFileSync(await download.path(), 'utf8');
    const document = JSON.parse(text) as { format: string; rules: object[] };
    expect(document.rules).toHaveLength(1);

    await page.getByRole('button', { name: 'Import' }).click();
    const paste = dialog.getByLabel('Or paste rules');
    await paste.fill(text.replace('"severity": "WARN"', '"severity": "LOUD"'));
    await dialog.getByRole('button', { name: 'See what would happen' }).click();
    await dialog.getByText('is refused').waitFor();
    expect(await findBarriersInThemes(page)).toEqual([]);
    expect(await dialog.getByRole('button', { name: 'Import' }).isDisabled()).toBe(true);
    const changed = {
      ...document.rules[0],
      state: 'DRAFT',
      rule_id: 'brought',
      name: 'Brought in',
    };
    await paste.fill(JSON.stringify({ ...document, rules: [changed] }));
    await dialog.getByRole('button', { name: 'See what would happen' }).click();
    await dialog.getByText('will be new').waitFor();
    await dialog.getByRole('button', { name: 'Import' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.goto(`${instance.url}/rules?q=brought&state=DRAFT`);
    await page.getByRole('link', { name: 'Brought in' }).waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);
});

describe('a viewer', () => {
  it('reads everything on a phone, and is told what it would take to change it', async () => {
    const { page, faults } = await openPage(browser, { width: 390, height: 844 });
    await signIn(page, `${instance.url}/rules`, 'Vera');
    const missing = 'Needs the role rule-author or admin';
    const isRefused = async (name: string) => {
      const button = page.getByRole('button', { name, exact: true });
      expect([name, await button.isDisabled()]).toEqual([name, true]);
      expect(await button.getAttribute('title')).toBe(missing);
    };
    await page.getByRole('link', { name: 'Disk is almost full' }).waitFor();
    for (const name of ['New rule', 'Import']) await isRefused(name);
    expect(await page.getByRole('switch', { name: /^Disk/ }).isDisabled()).toBe(true);
    const barriers: string[] = [];
    const look = async (what: string) => {
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      for (const barrier of await findBarriersInThemes(page)) barriers.push(`${what}: ${barrier}`);
    };
    await look('list');
    await page.getByRole('link', { name: 'Disk is almost full' }).click();
    expect(await editorOf(page).getAttribute('aria-readonly')).toBe('true');
    await isRefused('Save');
    await look('edit');
    for (const [tab, name] of [
      ['Test', 'Run the test'],
      ['Backtest', 'Start'],
      ['State', 'Disable'],
    ] as const) {
      await openTab(page, tab);
      await isRefused(name);
      await look(tab);
    }
    await openTab(page, 'History');
    await page.getByRole('radio', { name: 'Compare to version 1' }).waitFor();
    await look('History');
    expect(barriers).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  }, 120_000);

  it('fetches the editor only when a rule is opened, within its budget', async () => {
    const { page } = await openPage(browser);
    await signIn(page, `${instance.url}/rules`, 'Vera');
    const scripts = () =>
      page.evaluate(() =>
        performance
          .getEntriesByType('resource')
          .map(({ name }) => new URL(name).pathname)
          .filter((name) => name.endsWith('.js')),
      );
    await page.getByRole('link', { name: 'Disk is almost full' }).waitFor();
    const before = await scripts();
    await page.getByRole('link', { name: 'Disk is almost full' }).click();
    await editorOf(page).waitFor();
    const fetched = [...new Set(await scripts())].filter((name) => !before.includes(name));
    /** Only an editor names the classes of an editor. */
    const isEditor = (name: string) => readFileSync(join(built, name), 'utf8').includes('.cm-');
    expect(before.some(isEditor)).toBe(false);
    const bytes = fetched
      .filter(isEditor)
      .map((name) => gzipSync(readFileSync(join(built, name))).length)
      .reduce((sum, size) => sum + size, 0);
    console.log(`editor, gzip: ${bytes} B of scripts`);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(130 * 1024);
    await page.context().close();
  }, 60_000);
});
