// Mutation check of the protocol files (F24): puts small faults into a copy and lets the tests find them.
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, matchesGlob } from 'node:path';
import { parseArgs } from 'node:util';

import { readEquivalents } from './equivalent.ts';
import { checkMutants } from './check-mutants.ts';
import { mutate } from './mutate.ts';
import type { Mutant } from './mutant.ts';
import { PROTOCOL_FILES } from './protocol-files.ts';
import { reportText, scoreOf } from './report.ts';
import { sample } from './sample.ts';
import { copyTree } from './tree.ts';

const ROOT = join(import.meta.dirname, '../..');
/** What the suite must kill of the mutants that can be killed (reliability matrix, F24). */
const THRESHOLD = 0.95;
/** Whole-system tests cost seconds each; the rest kills nearly all. */
const TESTS = ['shared/**/*.test.ts', 'functions/**/*.test.ts', 'infra/model/**/*.test.ts'];

const { values } = parseArgs({
  options: {
    files: { type: 'string' },
    tests: { type: 'string', multiple: true },
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
    again: { type: 'string' },
    jobs: { type: 'string', default: '1' },
    /** Seconds of tests that one mutant may cost. */
    budget: { type: 'string', default: '10' },
  },
});

/** The mutants that an earlier run's report says survived. */
function survivorsOf(path: string): Set<string> {
  const { survivors } = JSON.parse(readFileSync(path, 'utf8')) as { survivors: Mutant[] };
  return new Set(survivors.map(nameOf));
}

const nameOf = ({ file, within, what, before, after }: Mutant) =>
  JSON.stringify([file, within, what, before, after]);

const files = PROTOCOL_FILES.filter((file) => matchesGlob(file, values.files ?? '**'));
if (files.length === 0) throw new Error(`no protocol file matches ${values.files}`);
const tree = copyTree(ROOT);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    rmSync(tree, { recursive: true, force: true });
    process.exit(130);
  });
try {
  const all = files.flatMap((file) => mutate(file, readFileSync(join(tree, file), 'utf8')));
  const again = values.again === undefined ? undefined : survivorsOf(values.again);
  const wanted = again ? all.filter((mutant) => again.has(nameOf(mutant))) : all;
  const seed = Number(values.seed);
  const chosen = values.sample === undefined ? wanted : sample(wanted, Number(values.sample), seed);
  const tests = globSync(values.tests ?? TESTS, { cwd: tree }).sort();
  const report = await checkMutants({
    tree,
    all,
    chosen,
    tests,
    equivalents: readEquivalents(),
    jobs: Number(values.jobs),
    budgetMs: Number(values.budget) * 1000,
    progress: (text) => process.stderr.write(`${text}\n`),
  });
  const full = { ...report, ...(values.sample !== undefined && { seed }) };
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(full, null, 2)}\n`);
  console.log(reportText(full, THRESHOLD));
  const isClean = full.stale.length + full.refuted.length === 0;
  process.exitCode = scoreOf(full) >= THRESHOLD && isClean ? 0 : 1;
} finally {
  await rm(tree, { recursive: true, force: true });
}
