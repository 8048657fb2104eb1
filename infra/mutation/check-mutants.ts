import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
  /** Testers at work at once, each in a copy of its own. */
  jobs: number;
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
  const { coverings, broken } = await cover(tree, files, loading, (done) => {
    if (done % 20 === 0) progress(`dry run: ${done} of ${loading.length} test files`);
  });
  const judged = await judgeAll(task, files, coverings);
  const sorted = sortOut(judged, all, equivalents);
  return { ...sorted, judged, broken, seconds: (performance.now() - started) / 1000 };
}

async function judgeAll(
  { tree, chosen, jobs, progress }: Task,
  files: readonly string[],
  coverings: readonly Covering[],
): Promise<Judged[]> {
  const judged: Judged[] = [];
  const queue = [...files];
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
  const lane = async (own: string) => {
    const tester = createTester(own);
    try {
      for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
        const mutants = chosen.filter((mutant) => mutant.file === file);
        const text = readFileSync(join(own, file), 'utf8');
        for await (const one of judge(tester, text, mutants, coverings)) note(one);
      }
    } finally {
      tester.close();
    }
  };
  const copies = Array.from({ length: jobs - 1 }, () => {
    const copy = mkdtempSync(join(tmpdir(), 'sentry-mutation-'));
    cpSync(tree, copy, { recursive: true });
    return copy;
  });
  try {
    await Promise.all([tree, ...copies].map(lane));
  } finally {
    for (const copy of copies) rmSync(copy, { recursive: true, force: true });
  }
  return judged.sort((a, b) => a.file.localeCompare(b.file) || a.start - b.start);
}
