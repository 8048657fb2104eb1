import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

import type { RunAnswer, RunRequest } from './test-process.ts';

/** Runs test files over changed texts, in a process that outlives them. */
export interface Tester {
  /** Undefined when there was no answer within `limitMs`; the process is then a new one. */
  run(request: RunRequest, limitMs: number): Promise<RunAnswer | undefined>;
  close(): void;
}

async function start(tree: string, setup: string | undefined): Promise<ChildProcess> {
  const args = setup === undefined ? [tree] : [tree, setup];
  const child = fork(join(import.meta.dirname, 'test-process.ts'), args, {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // The tests must not read what the runner's own environment says of tests.
    env: { ...process.env, NODE_ENV: 'test', VITEST: undefined },
  });
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`vitest did not start (${code})`)));
  });
  child.removeAllListeners('exit');
  return child;
}

/** A tester of the tree; `setup` is a file that runs before every test file. */
export function createTester(tree: string, setup?: string): Tester {
  let child: Promise<ChildProcess> | undefined;
  return {
    async run(request, limitMs) {
      child ??= start(tree, setup);
      const own = await child;
      const answer = await new Promise<RunAnswer | undefined>((resolve) => {
        const timer = setTimeout(() => resolve(undefined), limitMs);
        const end = (value: RunAnswer | undefined) => {
          clearTimeout(timer);
          own.removeAllListeners('exit');
          resolve(value);
        };
        own.once('message', (message) => end(message as RunAnswer));
        own.once('exit', () => end(undefined));
        own.send(request);
      });
      if (answer === undefined) {
        own.removeAllListeners();
        own.kill('SIGKILL');
        child = undefined;
      }
      return answer;
    },
    close() {
      void child?.then((own) => own.kill('SIGKILL'));
      child = undefined;
    },
  };
}
