// What a test file gets for `vitest` while mutants are judged: the real `expect` and `vi`, and a small
// suite that can be loaded and run again and again in one process.

type Run = (...args: unknown[]) => unknown;
interface Suite {
  beforeAll: Run[];
  afterAll: Run[];
  beforeEach: Run[];
  afterEach: Run[];
  parts: ({ name: string; suite: Suite } | { name: string; run: Run; limitMs: number })[];
}

const LIMIT_MS = 30_000;

// `expect` asks vitest's worker for its settings; outside of one these will do.
Object.assign(globalThis, {
  __vitest_worker__: {
    config: { root: '/', expect: {}, snapshotOptions: {}, testTimeout: LIMIT_MS },
    filepath: '',
    environment: { name: 'node' },
  },
});
const vitest = await import('vitest');
export const { expect, vi } = vitest;

const emptySuite = (): Suite => ({
  beforeAll: [],
  afterAll: [],
  beforeEach: [],
  afterEach: [],
  parts: [],
});

let current = emptySuite();
let finished: Run[] = [];

export const beforeAll = (run: Run) => void current.beforeAll.push(run);
export const afterAll = (run: Run) => void current.afterAll.push(run);
export const beforeEach = (run: Run) => void current.beforeEach.push(run);
export const afterEach = (run: Run) => void current.afterEach.push(run);
export const onTestFinished = (run: Run) => void finished.push(run);

function addTest(name: string, run: Run, limitMs = LIMIT_MS): void {
  current.parts.push({ name, run, limitMs: Math.max(limitMs, LIMIT_MS) });
}

function addSuite(name: string, fill: Run): void {
  const outer = current;
  current = emptySuite();
  outer.parts.push({ name, suite: current });
  fill();
  current = outer;
}

/** `.each(rows)`: one for each row; what a row holds is spread when it is a list. */
const each =
  (add: (name: string, run: Run, limitMs?: number) => void) =>
  (rows: readonly unknown[]) =>
  (name: string, run: Run, limitMs?: number): void => {
    for (const row of rows)
      add(name, (...args) => run(...(Array.isArray(row) ? row : [row]), ...args), limitMs);
  };

export const it = Object.assign(addTest, { each: each(addTest) });
export const test = it;
export const describe = Object.assign(addSuite, { each: each(addSuite) });

/** Loads a test file and runs it to its first failure; answers that, or undefined when all is well. */
export async function runFile(load: () => Promise<unknown>): Promise<Failure | undefined> {
  current = emptySuite();
  const top = current;
  try {
    await load();
  } catch (error) {
    return { name: '', error };
  }
  const failure = await runSuite(top, '', []);
  vi.restoreAllMocks();
  return failure;
}

export interface Failure {
  name: string;
  error: unknown;
}

async function runSuite(
  suite: Suite,
  name: string,
  around: readonly Suite[],
): Promise<Failure | undefined> {
  const path = [...around, suite];
  let failure = await attempt(name, suite.beforeAll, LIMIT_MS);
  for (const part of suite.parts) {
    if (failure) break;
    const full = name === '' ? part.name : `${name} > ${part.name}`;
    failure =
      'suite' in part
        ? await runSuite(part.suite, full, path)
        : await runTest(full, part.run, part.limitMs, path);
  }
  return (await attempt(name, suite.afterAll.toReversed(), LIMIT_MS)) ?? failure;
}

async function runTest(
  name: string,
  run: Run,
  limitMs: number,
  path: readonly Suite[],
): Promise<Failure | undefined> {
  finished = [];
  const before = path.flatMap(({ beforeEach: runs }) => runs);
  const after = path.toReversed().flatMap(({ afterEach: runs }) => runs);
  const failure = await attempt(name, [...before, run], limitMs);
  return failure ?? (await attempt(name, [...after, ...finished.toReversed()], LIMIT_MS));
}

async function attempt(
  name: string,
  runs: readonly Run[],
  limitMs: number,
): Promise<Failure | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`timed out in ${limitMs}ms`)), limitMs);
  });
  try {
    for (const run of runs) await Promise.race([run(), late]);
    return undefined;
  } catch (error) {
    return { name, error };
  } finally {
    clearTimeout(timer);
  }
}
