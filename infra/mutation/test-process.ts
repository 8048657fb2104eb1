// Holds one vitest and runs test files in it as its parent asks, so that a mutant costs no start.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { createVitest } from 'vitest/node';

/** Test files to be run, after some files are given another text. */
export interface RunRequest {
  texts: Record<string, string>;
  tests: readonly string[];
}
/** How it ended; `failed` names the first test that failed and how. */
export interface RunAnswer {
  failed?: { test: string; name: string; error: string };
  /** Of each test file, in milliseconds. */
  took: Record<string, number>;
}

const [tree = '.', setup] = process.argv.slice(2);
const vitest = await createVitest('test', {
  root: tree,
  config: false,
  watch: false,
  pool: 'threads',
  maxWorkers: 1,
  bail: setup === undefined ? 1 : 0,
  include: ['**/*.test.ts'],
  exclude: ['**/node_modules/**'],
  setupFiles: setup === undefined ? [] : [setup],
  testTimeout: setup === undefined ? 20_000 : 60_000,
  hookTimeout: 30_000,
  reporters: [{}],
  passWithNoTests: true,
});
await vitest.standalone();

async function run({ texts, tests }: RunRequest): Promise<RunAnswer> {
  for (const [file, text] of Object.entries(texts)) {
    const path = join(tree, file);
    writeFileSync(path, text);
    vitest.invalidateFile(path);
  }
  const answer: RunAnswer = { took: {} };
  const project = vitest.getRootProject();
  // One after the other, because vitest would put them into an order of its own.
  for (const test of tests) {
    const started = performance.now();
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications([
      project.createSpecification(join(tree, test)),
    ]);
    answer.took[test] = performance.now() - started;
    // The answer has every file that ever ran in this process.
    const own = testModules.filter(({ moduleId }) => moduleId === join(tree, test));
    const failure = own.length === 0 ? { name: '', error: 'did not run' } : failureOf(own);
    if (failure) answer.failed = { test, ...failure };
    else if (unhandledErrors.length > 0)
      answer.failed = { test, name: '', error: textOf(unhandledErrors[0]) };
    else continue;
    if (setup === undefined) break;
  }
  return answer;
}

type Modules = Awaited<ReturnType<typeof vitest.runTestSpecifications>>['testModules'];

function failureOf(modules: Modules): { name: string; error: string } | undefined {
  for (const module of modules) {
    const [broken] = module.errors();
    if (broken) return { name: '', error: textOf(broken) };
    for (const test of module.children.allTests('failed'))
      return { name: test.fullName, error: textOf(test.result().errors?.[0] ?? 'failed') };
    if (!module.ok()) return { name: '', error: 'failed' };
  }
  return undefined;
}

function textOf(error: unknown): string {
  const { message } = error as { message?: unknown };
  return String(message ?? error).slice(0, 200);
}

process.on('message', (request: RunRequest) => {
  void run(request).then(
    (answer) => process.send!(answer),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit());
process.send!('ready');
