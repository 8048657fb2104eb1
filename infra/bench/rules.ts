import { compile } from '#shared/pattern/compile.ts';

import { type BenchResult, type Figure, quantile } from './result.ts';
import { ENGINES, type Evaluate, patternsOf } from './rule-engines.ts';
import { ruleWorkload } from './rule-workload.ts';
import { unevenWorkload } from './uneven-workload.ts';

const RULE_COUNTS = [1, 10, 100, 1_000, 10_000];
const BATCH = 2_000;
/** Parsed and matched in turn, as a function does with one invocation's records. */
const CHUNK = 250;
const ROUNDS = 12;
const WARM_ROUNDS = 4;
/** CPU one engine may take at one size, in µs; slower ones run on fewer events. */
const BUDGET_US = 2_500_000;
/** By number of rules: what is aimed at, and what must not be passed whatever the seed. */
const GOALS: Record<number, { goal: number; never: number }> = {
  1: { goal: 0.05, never: 0.1 },
  10: { goal: 0.07, never: 0.15 },
  100: { goal: 0.17, never: 0.35 },
  1_000: { goal: 0.3, never: 0.7 },
  10_000: { goal: 1.0, never: 2.0 },
};
/** Events matched before measuring, so that the index has seen its traffic and code is compiled. */
const LEARNED = 8_000;
/** Two worlds, so that nothing is tuned to one; only ours and the naive loop meet the second. */
const WORLDS = [
  { name: '', make: ruleWorkload, engines: ENGINES },
  { name: 'uneven, ', make: unevenWorkload, engines: ENGINES.slice(0, 2) },
];

/**
 * CPU of matching one event against many rules, as a ratio to one JSON.parse of the same event in the
 * same round, beside other engines. Every batch is parsed afresh: V8 keeps the hashes of strings it
 * has met. Throws when any engine's answer differs from ours.
 */
export async function measureRules(
  log: (line: string) => void,
  seed: number,
): Promise<BenchResult> {
  const figures: Figure[] = [];
  for (const world of WORLDS)
    for (const count of RULE_COUNTS) figures.push(...(await measureCount(world, count, seed, log)));
  const patterns = patternsOf(ruleWorkload(seed, 10_000).rules);
  const rebuilds = Array.from({ length: 3 }, () => cpuOf(() => compile(patterns)) / 1_000);
  figures.push({
    name: 'rebuild of 10,000 rules, median',
    value: quantile(rebuilds, 0.5),
    unit: 'ms',
    note: 'goal 1,000',
  });
  return { figures };
}

async function measureCount(
  { name: world, make, engines }: (typeof WORLDS)[number],
  count: number,
  seed: number,
  log: (line: string) => void,
): Promise<Figure[]> {
  const { rules, events } = make(seed, count);
  const batches = Array.from({ length: ROUNDS + WARM_ROUNDS }, () => events(BATCH));
  const label = `${world}${count.toLocaleString('en')} rule${count === 1 ? '' : 's'}`;
  const ours = engines[0]!.prepare(rules);
  const figures: Figure[] = [];
  let compared = 0;
  for (const { name, most, prepare } of engines) {
    if (count > most) {
      log(`${label}, ${name}: –`);
      continue;
    }
    const evaluate = prepare(rules);
    if (name === 'sentry')
      for (const text of events(LEARNED)) await evaluate(JSON.parse(text) as object);
    compared += await compare(evaluate, ours, batches[0]!, name);
    const { ratio, us } = await measure(evaluate, batches);
    const { goal, never } = GOALS[count]!;
    const judged = `; goal ${goal}, never above ${never}${ratio > never ? ': MISSED' : ''}`;
    const note = `${us.toPrecision(3)} µs/event${name === 'sentry' ? judged : ''}`;
    figures.push({ name: `${label}, ${name}`, value: ratio, unit: '× JSON.parse', note });
  }
  const fired = await firedShare(ours, batches[1]!);
  log(`${label}: ${compared} answers compared, 0 wrong; ${(fired * 100).toFixed(1)} % fired`);
  return figures;
}

/** Medians over rounds; an engine too slow for whole batches gets a part of each, and fewer rounds. */
async function measure(evaluate: Evaluate, batches: readonly string[][]) {
  const probe = await round(evaluate, batches[0]!.slice(0, 20));
  const size = Math.max(
    20,
    Math.min(BATCH, Math.floor(BUDGET_US / (batches.length * probe.matching))),
  );
  const slow = probe.matching * size * batches.length > 2 * BUDGET_US;
  const samples: { parsing: number; matching: number }[] = [];
  for (const batch of slow ? batches.slice(0, 3) : batches)
    samples.push(await round(evaluate, batch.slice(0, size)));
  const warm = samples.slice(slow ? 1 : WARM_ROUNDS);
  return {
    ratio: quantile(
      warm.map(({ parsing, matching }) => matching / parsing),
      0.5,
    ),
    us: quantile(
      warm.map(({ matching }) => matching),
      0.5,
    ),
  };
}

/** CPU in µs per event of parsing, and of matching what was parsed. */
async function round(evaluate: Evaluate, texts: readonly string[]) {
  const flat = texts.map((text) => Buffer.from(text).toString('latin1'));
  let [parsing, matching] = [0, 0];
  for (let at = 0; at < flat.length; at += CHUNK) {
    const chunk = flat.slice(at, at + CHUNK);
    const parsed: object[] = [];
    parsing += cpuOf(() => {
      for (const text of chunk) parsed.push(JSON.parse(text) as object);
    });
    const before = process.cpuUsage();
    for (const event of parsed) {
      const answer = evaluate(event);
      if (answer instanceof Promise) await answer;
    }
    const { user, system } = process.cpuUsage(before);
    matching += user + system;
  }
  return { parsing: parsing / texts.length, matching: matching / texts.length };
}

function cpuOf(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** Compares as many events as take a second at most; returns how many. */
async function compare(
  evaluate: Evaluate,
  ours: Evaluate,
  texts: readonly string[],
  name: string,
): Promise<number> {
  const started = performance.now();
  let compared = 0;
  for (const text of texts) {
    const event = JSON.parse(text) as object;
    const [theirs, own] = [await evaluate(event), await ours(event)];
    if (theirs.toSorted().join() !== own.toSorted().join())
      throw new Error(`${name} says [${theirs.join()}], Sentry [${own.join()}] of ${text}`);
    compared++;
    if (performance.now() - started > 1_000) break;
  }
  return compared;
}

async function firedShare(evaluate: Evaluate, texts: readonly string[]): Promise<number> {
  let fired = 0;
  for (const text of texts) if ((await evaluate(JSON.parse(text) as object)).length > 0) fired++;
  return fired / texts.length;
}
