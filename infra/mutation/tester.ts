import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

import type { RunRequest, TestAnswer } from './test-process.ts';

/** Runs test files over changed texts, in a process that outlives them. */
export interface Tester {
  /** One answer for each file that ran; undefined when there was none within `limitMs`. */
  run(request: RunRequest, limitMs: number): Promise<TestAnswer[] | undefined>;
  close(this: void): void;
}

/** Loaded modules are never given back, so a process is replaced after this many test files. */
const RUNS_MAX = 250;

async function start(tree: string): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'test-process.ts'), [tree], {
    cwd: tree,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { ...process.env, NODE_ENV: 'test', VITEST: 'true' },
  });
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`the test process did not start (${code})`)));
  });
  child.removeAllListeners('exit');
  return child;
}

/** A tester of the tree. */
export function createTester(tree: string): Tester {
  let child: Promise<ChildProcess> | undefined;
  let runs = 0;
  const close = async () => {
    const own = await child;
    child = undefined;
    runs = 0;
    own?.removeAllListeners();
    own?.kill('SIGKILL');
  };
  return {
    async run(request, limitMs) {
      if (runs > RUNS_MAX) await close();
      child ??= start(tree);
      const own = await child;
      const answers = await new Promise<TestAnswer[] | undefined>((resolve) => {
        const timer = setTimeout(() => resolve(undefined), limitMs);
        const end = (value: TestAnswer[] | undefined) => {
          clearTimeout(timer);
          own.removeAllListeners();
          resolve(value);
        };
        own.once('message', (message) => end(message as TestAnswer[]));
        own.once('exit', () => end(undefined));
        own.send(request);
      });
      runs += answers?.length ?? 0;
      // What did not end, or left something undone behind it, must not meet the next one.
      const last = answers?.at(-1)?.failed;
      if (!answers || last?.name === '' || /timed out/.test(last?.error ?? '')) await close();
      return answers;
    },
    close: () => void close(),
  };
}
