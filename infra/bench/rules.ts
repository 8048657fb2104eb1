import { compile } from '#shared/pattern/compile.ts';

import { type BenchResult, type Figure, quantile } from './result.ts';
import { ENGINES, type Evaluate, patternsOf } from './rule-engines.ts';
import { ruleWorkload } from './rule-workload.ts';

const RULE_COUNTS = [1, 10, 100, 1_000, 10_000];
const BATCH = 2_000;
/** Parsed and matched in turn, as a function does with one invocation's records. */
const CHUNK = 250;
const ROUNDS = 12;
const WARM_ROUNDS = 4;
/** CPU one engine may take at one size, in µs; slower ones run on fewer events. */
const BUDGET_US = 2_500_000;
const GOALS: Record<number, string> = {
  1: '0.05',
  10: '0.07',
  100: '0.17',
  1_000: '0.3',
  10_000: '1.0',
};

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
  for (const count of RULE_COUNTS) {
    const { rules, events } = ruleWorkload(seed, count);
    const batches = Array.from({ length: ROUNDS + WARM_ROUNDS }, () => events(BATCH));
    const label = `${count.toLocaleString('en')} rule${count === 1 ? '' : 's'}`;
    const ours = ENGINES[0]!.prepare(rules);
    let compared = 0;
    for (const { name, most, prepare } of ENGINES) {
      if (count > most) {
        log(`${label}, ${name}: –`);
        continue;
      }
      const evaluate = prepare(rules);
      compared += await compare(evaluate, ours, batches[0]!, name);
      const { ratio, us } = await measure(evaluate, batches);
      const note = `${us.toPrecision(3)} µs/event${name === 'sentry' ? `; goal ${GOALS[count]}` : ''}`;
      figures.push({ name: `${label}, ${name}`, value: ratio, unit: '× JSON.parse', note });
    }
    const fired = await firedShare(ours, batches[1]!);
    log(`${label}: ${compared} answers compared, 0 wrong; ${(fired * 100).toFixed(1)} % fired`);
  }
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
