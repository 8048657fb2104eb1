import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { expectCleanEnd } from './clean-end.testing.ts';
import { openScenario } from './harness.ts';
import { putAll } from './producer.ts';
import { writeRules } from './rules.ts';
import { until } from './until.ts';
import { makeWorkload } from './workload.ts';

/** Records are on disk and their producer does not know; half a batch is detected and nobody noted it. */
const DEATHS = [
  ['PutRecords', '5'],
  ['TransactWriteItems', '25'],
] as const;

let home: string;
let child: ChildProcess;
let port = 0;
let deaths = 0;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'sentry-killed-'));
  await start();
  await writeRules(url(), ['default']);
});
afterAll(() => {
  child.removeAllListeners('exit');
  child.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

const url = () => `http://127.0.0.1:${port}`;

/** Starts an instance that dies as `DEATHS` says, and then the next. */
async function start(): Promise<void> {
  const file = join(import.meta.dirname, 'instance-process.testing.ts');
  const args = [String(port), home, ...(DEATHS[deaths] ?? [])];
  child = fork(file, args, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  child.once('exit', () => {
    deaths += 1;
    void start();
  });
  const [message] = (await once(child, 'message')) as [{ port: number }];
  port = message.port;
}

it('F3: SIGKILL of the whole instance loses nothing that was answered and doubles nothing', async () => {
  const puts = makeWorkload({ events: 3_000, seed: 8, matching: 0.06, from: Date.now() - 600_000 });
  const report = await putAll(url(), puts, { batch: 200 });
  expect(report.unanswered).toBeGreaterThan(0);
  await until(() => deaths === DEATHS.length);
  child.removeAllListeners('exit');
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  const scenario = await openScenario({ home, port, seeded: true });
  try {
    await scenario.settle();
    await expectCleanEnd(scenario, puts);
  } finally {
    await scenario.close();
  }
}, 60_000);
