import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { cover, type Covering } from './cover.ts';
import { type Equivalent, sortOut } from './equivalent.ts';
import { distances } from './import-graph.ts';
import { type Judged, judge } from './judge.ts';
import type { Mutant } from './mutant.ts';
import { type Report, survivorText } from './report.ts';
import { createTester } from './tester.ts';

/** One run over a copy of the tree. */
export interface Task {
  tree: string;
  /** Every mutant of the files, and those of them to be judged. */
  all: readonly Mutant[];
  chosen: readonly Mutant[];
  /** Test files that may be asked. */
  tests: readonly string[];
  equivalents: readonly Equivalent[];
  /** Testers at work at once. */
  jobs: number;
  /** What the tests of one mutant may take, in milliseconds. */
  budgetMs: number;
  progress(this: void, text: string): void;
}

/** Judges the chosen mutants by the tests that load their files and reach them. */
export async function checkMutants(task: Task): Promise<Report> {
  const { tree, all, chosen, tests, equivalents, progress } = task;
  const started = performance.now();
  const files = [...new Set(chosen.map(({ file }) => file))];
  const targets = new Set(files);
  const known = new Map<string, string[]>();
  const loading = tests.filter((test) => distances(tree, test, targets, known).size > 0);
  const texts = new Map(files.map((file) => [file, readFileSync(join(tree, file), 'utf8')]));
  const tester = createTester(tree);
  const { coverings, broken } = await cover(tester, texts, loading, (done) => {
    if (done % 20 === 0) progress(`dry run: ${done} of ${loading.length} test files`);
  }).finally(tester.close);
  for (const test of broken) progress(`left out, fails by itself: ${test}`);
  const judged = await judgeAll(task, texts, coverings);
  const sorted = sortOut(judged, all, equivalents);
  return { ...sorted, judged, broken, seconds: (performance.now() - started) / 1000 };
}

async function judgeAll(
  { tree, chosen, jobs, budgetMs, progress }: Task,
  texts: ReadonlyMap<string, string>,
  coverings: readonly Covering[],
): Promise<Judged[]> {
  const judged: Judged[] = [];
  const queue = [...texts];
  const started = performance.now();
  let survived = 0;
  const note = (one: Judged) => {
    judged.push(one);
    if (one.fate === 'survived' || one.fate === 'unreached') {
      survived++;
      progress(survivorText(one));
    }
    if (judged.length % 20 > 0) return;
    const each = (performance.now() - started) / judged.length;
    const left = Math.ceil((each * (chosen.length - judged.length)) / 60_000);
    progress(`${judged.length} of ${chosen.length}, ${survived} survived, ${left} min left`);
  };
  const lane = async () => {
    const tester = createTester(tree);
    try {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const [file, text] = next;
        const mutants = chosen.filter((mutant) => mutant.file === file);
        for await (const one of judge(tester, text, mutants, coverings, budgetMs)) note(one);
      }
    } finally {
      tester.close();
    }
  };
  await Promise.all(Array.from({ length: jobs }, lane));
  return judged.sort((a, b) => a.file.localeCompare(b.file) || a.start - b.start);
}
