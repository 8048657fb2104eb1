// Loads test files afresh, again and again, with other texts in the place of some files; its parent asks.
import { readFileSync } from 'node:fs';
import { registerHooks, type ResolveFnOutput, stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { runFile } from './suite.ts';

/** Test files to be run in this order, with these texts in the place of what files hold. */
export interface RunRequest {
  texts: Record<string, string>;
  tests: readonly string[];
  /** Go on after a failure. */
  all?: boolean;
}
/** What came of one test file. */
export interface TestAnswer {
  test: string;
  /** The first test that failed, and how. */
  failed?: { name: string; error: string };
  /** Milliseconds of processor, which other load does not change. */
  took: number;
  /** What probes say was reached. */
  reached: string[];
}

const [tree = '.'] = process.argv.slice(2);
const ROOT = `${pathToFileURL(tree).href}/`;
const SUITE = new URL('./suite.ts', import.meta.url).href;
const PACKAGES = `${ROOT}node_modules/`;

let generation = 0;
let texts: Record<string, string> = {};
const stripped = new Map<string, string>();
const resolved = new Map<string, ResolveFnOutput>();

const isOurs = (url: string | undefined) =>
  url?.startsWith(ROOT) === true && !url.startsWith(PACKAGES) && /\.ts(\?|$)/.test(url);

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'vitest' && isOurs(context.parentURL))
      return { url: SUITE, format: 'module', shortCircuit: true };
    if (!isOurs(context.parentURL)) return next(specifier, context);
    // To look for a file costs more than to load it, and it is found where it was.
    const name = `${specifier.startsWith('.') ? dirname(context.parentURL!) : ''}|${specifier}`;
    const found = resolved.get(name) ?? next(specifier, context);
    resolved.set(name, found);
    const url = isOurs(found.url) ? `${found.url}?${generation}` : found.url;
    return { ...found, url, shortCircuit: true };
  },
  load(url, context, next) {
    if (!isOurs(url)) return next(url, context);
    const path = fileURLToPath(url);
    const text = texts[path.slice(tree.length + 1)];
    return { format: 'module', source: text ?? sourceOf(path), shortCircuit: true };
  },
});

function sourceOf(path: string): string {
  const known = stripped.get(path) ?? stripTypeScriptTypes(readFileSync(path, 'utf8'));
  stripped.set(path, known);
  return known;
}

let unhandled: unknown;
process.on('unhandledRejection', (error) => (unhandled ??= error));
process.on('uncaughtException', (error) => (unhandled ??= error));

async function runTest(test: string): Promise<TestAnswer> {
  generation++;
  unhandled = undefined;
  const reached = new Set<string>();
  Object.assign(globalThis, { __reached: reached });
  const before = process.cpuUsage();
  const url = pathToFileURL(join(tree, test)).href;
  let failed = await runFile(() => import(`${url}?${generation}`));
  // What nobody waited for shows itself a turn later.
  await new Promise(setImmediate);
  if (unhandled !== undefined) failed ??= { name: '', error: unhandled };
  const { user, system } = process.cpuUsage(before);
  const took = (user + system) / 1000;
  const answer = { test, took, reached: [...reached] };
  return failed
    ? { ...answer, failed: { name: failed.name, error: textOf(failed.error) } }
    : answer;
}

async function run(request: RunRequest): Promise<TestAnswer[]> {
  texts = Object.fromEntries(
    Object.entries(request.texts).map(([file, text]) => [file, stripTypeScriptTypes(text)]),
  );
  const answers: TestAnswer[] = [];
  for (const test of request.tests) {
    const answer = await runTest(test);
    answers.push(answer);
    if (answer.failed && !request.all) break;
  }
  return answers;
}

function textOf(error: unknown): string {
  const { message } = error as { message?: unknown };
  return String(message ?? error).slice(0, 200);
}

process.on('message', (request: RunRequest) => {
  void run(request).then(
    (answers) => process.send!(answers),
    (error: unknown) => {
      // A text that is no TypeScript any more.
      process.send!([
        { test: '', took: 0, reached: [], failed: { name: '', error: textOf(error) } },
      ]);
    },
  );
});
process.on('disconnect', () => process.exit());
process.send!('ready');
