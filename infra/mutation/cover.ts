import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { putProbes, SETUP } from './probe.ts';
import { createTester } from './tester.ts';

/** What one test file does to the files in question, without any mutant. */
export interface Covering {
  test: string;
  /** Probes it reaches. */
  reached: ReadonlySet<string>;
  /** Milliseconds. */
  took: number;
}

/** Longest run of one test file, in milliseconds. */
const LIMIT_MS = 120_000;
const SETUP_FILE = 'mutation-setup.ts';

/**
 * Runs every test file once over probed files, and puts the files back. A test that fails without any
 * mutant could kill them all: it is left out and named.
 */
export async function cover(
  tree: string,
  files: readonly string[],
  tests: readonly string[],
  progress: (done: number) => void,
): Promise<{ coverings: Covering[]; broken: string[] }> {
  const texts = new Map(files.map((file) => [file, readFileSync(join(tree, file), 'utf8')]));
  putProbes(tree, files);
  writeFileSync(join(tree, SETUP_FILE), SETUP);
  const tester = createTester(tree, join(tree, SETUP_FILE));
  const coverings: Covering[] = [];
  const broken: string[] = [];
  try {
    for (const [done, test] of tests.entries()) {
      progress(done);
      const answer = await tester.run({ texts: {}, tests: [test] }, LIMIT_MS);
      if (!answer || answer.failed) broken.push(test);
      else coverings.push({ test, reached: readReached(tree, test), took: answer.took[test] ?? 0 });
    }
  } finally {
    tester.close();
    for (const [file, text] of texts) writeFileSync(join(tree, file), text);
  }
  return { coverings, broken };
}

function readReached(tree: string, test: string): ReadonlySet<string> {
  const path = join(tree, `${test}.reached`);
  const reached = JSON.parse(readFileSync(path, 'utf8')) as string[];
  rmSync(path);
  return new Set(reached);
}
