import type { Covering } from './cover.ts';
import { applyMutant, type Mutant } from './mutant.ts';
import { findProbes } from './probe.ts';
import type { Tester } from './tester.ts';

/** What became of a mutant. */
export interface Judged extends Mutant {
  /** `timeout`: killed, because the tests did not come to an end. `unreached`: survived, no test runs it. `invalid`: no program. */
  fate: 'killed' | 'timeout' | 'survived' | 'unreached' | 'invalid';
  /** The test that killed it. */
  by?: string;
}

/** The tests still run this much longer than without a mutant, and at least this long. */
const SLOWER = 20;
const LIMIT_MIN_MS = 40_000;
const CONTROL_MS = 300_000;

/**
 * Judges the mutants of one file, whose text is given; the test that killed most is asked first.
 * A mutant may cost `budgetMs` of tests; what would kill it only beyond that has not killed it.
 */
export async function* judge(
  tester: Tester,
  text: string,
  mutants: readonly Mutant[],
  coverings: readonly Covering[],
  budgetMs: number,
): AsyncGenerator<Judged> {
  const kills = new Map<string, number>();
  const probeAt = findProbes(mutants[0]!.file, text);
  for (const mutant of mutants) {
    const probe = probeAt(mutant.start);
    const reaching = coverings
      .filter(({ reached }) => probe === undefined || reached.has(probe))
      .sort((a, b) => rank(b, kills) - rank(a, kills));
    const end = await one(tester, text, mutant, within(reaching, budgetMs));
    if (end.by !== undefined) {
      const [test] = end.by.split(' › ');
      kills.set(test!, (kills.get(test!) ?? 0) + 1);
    }
    if (end.fate !== 'invalid') yield { ...mutant, ...end };
  }
  await control(tester, mutants[0]!.file, text, [...kills.keys()]);
}

/** The tests that killed must pass now that no mutant is left; throws when they do not. */
async function control(tester: Tester, file: string, text: string, tests: readonly string[]) {
  const answers = await tester.run({ texts: { [file]: text }, tests }, CONTROL_MS);
  const failed = answers?.find((answer) => answer.failed);
  if (answers && !failed) return;
  const { test = 'a test' } = failed ?? {};
  const error = failed?.failed?.error ?? 'no answer';
  throw new Error(`${test} fails without a mutant in ${file}: ${error}`);
}

/** The first tests that together take no longer than that, and always the first. */
function within(tests: readonly Covering[], budgetMs: number): Covering[] {
  let sum = 0;
  return tests.filter(({ took }, at) => (sum += took) <= budgetMs || at === 0);
}

/** Kills in a second of running: cheap tests first, and those that know the file. */
function rank({ test, took }: Covering, kills: ReadonlyMap<string, number>): number {
  return ((kills.get(test) ?? 0) + 0.5) / (took + 100);
}

async function one(
  tester: Tester,
  text: string,
  mutant: Mutant,
  reaching: readonly Covering[],
): Promise<Pick<Judged, 'fate' | 'by'>> {
  if (reaching.length === 0) return { fate: 'unreached' };
  const took = reaching.reduce((sum, covering) => sum + covering.took, 0);
  const request = {
    texts: { [mutant.file]: applyMutant(text, mutant) },
    tests: reaching.map(({ test }) => test),
  };
  const answers = await tester.run(request, LIMIT_MIN_MS + took * SLOWER);
  const last = answers?.at(-1);
  if (!last) return { fate: 'timeout' };
  if (last.test === '') return { fate: 'invalid' };
  if (!last.failed) return { fate: 'survived' };
  const { name, error } = last.failed;
  const fate = /timed out in \d+ms/.test(error) ? 'timeout' : 'killed';
  return { fate, by: name === '' ? last.test : `${last.test} › ${name}` };
}
