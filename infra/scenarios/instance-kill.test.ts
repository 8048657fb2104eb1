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
import { makeWorkload } from './workload.ts';

let home: string;
let child: ChildProcess;
let port = 0;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'sentry-killed-'));
  await start();
  await writeRules(url(), ['default']);
});
afterAll(() => {
  child.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

const url = () => `http://127.0.0.1:${port}`;

async function start(): Promise<void> {
  const file = join(import.meta.dirname, 'instance-process.testing.ts');
  child = fork(file, [String(port), home], { execArgv: [], stdio: ['ignore', 'ignore', 2, 'ipc'] });
  const [message] = (await once(child, 'message')) as [{ port: number }];
  port = message.port;
}

it('F3: SIGKILL of the whole instance loses nothing that was answered', async () => {
  const puts = makeWorkload({ events: 3_000, seed: 8, matching: 0.06, from: Date.now() - 600_000 });
  let restarting = Promise.resolve();
  const report = await putAll(url(), puts, {
    batch: 200,
    onProgress(answered) {
      if (answered !== 1_000 && answered !== 2_200) return;
      // The producer goes on against a port that nobody listens on, as it would.
      restarting = restarting.then(async () => {
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        await gone;
        await start();
      });
    },
  });
  await restarting;
  expect(report.unanswered).toBeGreaterThan(0);
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
