import { putProbes } from './probe.ts';
import type { Tester } from './tester.ts';

/** What one test file does to the files in question, without any mutant. */
export interface Covering {
  test: string;
  /** Probes it reaches. */
  reached: ReadonlySet<string>;
  /** Milliseconds of processor. */
  took: number;
}

/** Longest run of one test file, in milliseconds. */
const LIMIT_MS = 120_000;

/**
 * Runs every test file once over the probed texts of files. A test that fails without any mutant could
 * kill them all: it is left out and named.
 */
export async function cover(
  tester: Tester,
  texts: ReadonlyMap<string, string>,
  tests: readonly string[],
  progress: (done: number) => void,
): Promise<{ coverings: Covering[]; broken: string[] }> {
  const probed = Object.fromEntries(
    [...texts].map(([file, text]) => [file, putProbes(file, text)]),
  );
  const coverings: Covering[] = [];
  const broken: string[] = [];
  for (const [done, test] of tests.entries()) {
    progress(done);
    const [answer] = (await tester.run({ texts: probed, tests: [test] }, LIMIT_MS)) ?? [];
    if (!answer) broken.push(`${test}: no answer`);
    else if (answer.failed) broken.push(`${test}: ${answer.failed.name}: ${answer.failed.error}`);
    else coverings.push({ test, took: answer.took, reached: new Set(answer.reached) });
  }
  return { coverings, broken };
}
