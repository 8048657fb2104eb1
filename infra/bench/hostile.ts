import { readInput } from '#functions/api/read-input.ts';
import { routeOf } from '#shared/api/routes.ts';
import { compile } from '#shared/pattern/compile.ts';
import { validatePattern } from '#shared/pattern/validate.ts';
import { checkRule } from '#shared/rule/check-rule.ts';
import { HOSTILE_RULES } from '#shared/testing/hostile-rules.ts';

import { HOSTILE_REGEXES, HOSTILE_WILDCARDS, hostileTexts } from './hostile-text.ts';
import { type BenchResult, type Figure, quantile } from './result.ts';

const GOAL_MS = 5;
const WARMING_RUNS = 2;
const RUNS = 7;

/** CPU of what rules and texts made to harm can cost at most: expressions, wildcards, and the check of a rule. */
export async function measureHostile(
  log: (line: string) => void,
  seed: number,
): Promise<BenchResult> {
  const texts = hostileTexts(seed);
  const figures = [
    ...searches('regex', HOSTILE_REGEXES, texts, log),
    ...searches('wildcard', HOSTILE_WILDCARDS, texts, log),
  ];
  const checks = HOSTILE_RULES.map(({ name, write }) => {
    const written = write();
    return { name, ms: medianOf(() => refusalOf(() => checkRule(written)), 5) };
  });
  figures.push(worstOf(`check of ${checks.length} hostile rules, each refused`, checks));
  figures.push(worstOf('API refuses a body of 10 MB', bodies()));
  return { figures };
}

/** The worst median over all texts of each kind of matcher; those refused are counted. */
function searches(
  operator: 'regex' | 'wildcard',
  sources: readonly string[],
  texts: readonly { name: string; text: string }[],
  log: (line: string) => void,
): Figure[] {
  const found: { name: string; ms: number }[] = [];
  const compiling: { name: string; ms: number }[] = [];
  let [refused, worstFirst] = [0, 0];
  for (const source of sources) {
    const pattern = { text: [{ [operator]: source }] };
    const short = source.length > 40 ? `${source.slice(0, 37)}…` : source;
    compiling.push({ name: short, ms: medianOf(() => validatePattern(pattern), 5) });
    const [issue] = validatePattern(pattern);
    if (issue !== undefined) {
      refused++;
      log(`${operator} ${short}: ${issue.message}`);
      continue;
    }
    const compiled = compile({ p: pattern });
    for (const { name, text } of texts) {
      const event = { text };
      worstFirst = Math.max(
        worstFirst,
        cpuMsOf(() => compiled.match(event)),
      );
      found.push({ name: `${short} on ${name}`, ms: medianOf(() => compiled.match(event), RUNS) });
    }
  }
  const label = `${sources.length - refused} × ${operator} on ${texts.length} texts of 64 KB, worst`;
  return [
    worstOf(label, found, GOAL_MS),
    {
      name: `· first run of one, worst`,
      value: worstFirst,
      unit: 'ms CPU',
      note: 'with compiling by V8',
    },
    worstOf(`· compiling one, worst; ${refused} refused by name`, compiling),
  ];
}

/** A body of 10 MB sent where one rule, and where a document, is taken. */
function bodies(): { name: string; ms: number }[] {
  const body = Buffer.from(`{"name":"${'x'.repeat(10_000_000)}"}`);
  const request = {
    params: {},
    query: new URLSearchParams(),
    body,
    content_type: 'application/json',
    if_match: undefined,
  };
  return (['rules.create', 'rules.import', 'rules.test'] as const).map((operation) => ({
    name: operation,
    ms: medianOf(() => refusalOf(() => readInput(routeOf(operation)!, request)), 5),
  }));
}

function worstOf(
  name: string,
  all: readonly { name: string; ms: number }[],
  goalMs?: number,
): Figure {
  const worst = all.reduce((most, one) => (one.ms > most.ms ? one : most));
  const verdict = worst.ms < (goalMs ?? Infinity) ? 'met' : 'MISSED';
  const goal = goalMs === undefined ? '' : `goal < ${goalMs}, ${verdict}; `;
  return { name, value: worst.ms, unit: 'ms CPU', note: `${goal}worst: ${worst.name}` };
}

function medianOf(run: () => unknown, runs: number): number {
  for (let n = 0; n < WARMING_RUNS; n++) run();
  return quantile(
    Array.from({ length: runs }, () => cpuMsOf(run)),
    0.5,
  );
}

function cpuMsOf(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

function refusalOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('a hostile rule was taken');
}
