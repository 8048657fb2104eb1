import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { ensureDashboard } from '#infra/dashboard-build.ts';

import { type BenchResult, quantile } from './result.ts';

const ROUNDS = 5;
const DEADLINE_MS = 60_000;

/** Time from `npm start`'s process to health 200, on an empty and on a used home; the dashboard is built before. */
export async function measureStartup(): Promise<BenchResult> {
  await ensureDashboard();
  const home = mkdtempSync(join(tmpdir(), 'sentry-bench-'));
  try {
    const fresh: number[] = [];
    const used: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      rmSync(home, { recursive: true, force: true });
      fresh.push(await timeStart(home));
      used.push(await timeStart(home));
    }
    return {
      figures: [
        { name: 'start-up to ready, empty home, median', value: quantile(fresh, 0.5), unit: 'ms' },
        { name: 'start-up to ready, used home, median', value: quantile(used, 0.5), unit: 'ms' },
      ],
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function timeStart(home: string): Promise<number> {
  const port = await freePort();
  const started = performance.now();
  const child = spawn(process.execPath, ['infra/local/start.ts', '--no-demo'], {
    cwd: join(import.meta.dirname, '..', '..'),
    env: { ...process.env, SENTRY_PORT: String(port), SENTRY_HOME: home },
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    while (performance.now() - started < DEADLINE_MS) {
      const healthy = await fetch(`http://127.0.0.1:${port}/_local/health`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (healthy) return performance.now() - started;
      await sleep(10);
    }
    throw new Error(`not ready within ${DEADLINE_MS} ms`);
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
