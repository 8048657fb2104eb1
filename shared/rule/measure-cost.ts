import type { Stopwatch } from '#shared/kernel/context.ts';
import { isIndexed } from '#shared/pattern/is-indexed.ts';
import { parsePattern } from '#shared/pattern/parse-pattern.ts';

import { compileRuleSet } from './compile-rule-set.ts';
import { costSample } from './cost-sample.ts';
import type { RuleCost } from './cost-schema.ts';
import type { DetectionRule } from './schema.ts';

/** Rounds over the sample. The first half warms the engine up and is not counted. */
const ROUNDS = 24;
/** No round begins when so much time has gone, in nanoseconds, but for the fewest. */
const BUDGET_NS = 20_000_000;
const ROUNDS_MIN = 4;
const SAMPLE = costSample();

/**
 * What the rule costs for each event, alone and whatever its state: matched, grouped and read as in
 * production, the median over rounds of the same sample. Undefined for a rule that does not compile.
 */
export function measureCost(rule: DetectionRule, stopwatch: Stopwatch): RuleCost | undefined {
  const set = compileRuleSet([{ ...rule, state: 'ENABLED' }]);
  if (set.broken.length > 0) return undefined;
  const rounds: number[] = [];
  const begin = stopwatch();
  let before = begin;
  while (rounds.length < ROUNDS_MIN || (rounds.length < ROUNDS && before - begin < BUDGET_NS)) {
    for (const event of SAMPLE) set.match(event);
    const after = stopwatch();
    rounds.push((after - before) / SAMPLE.length);
    before = after;
  }
  const warm = rounds.slice(rounds.length >> 1).sort((a, b) => a - b);
  return {
    cost_ns: Math.max(0, Math.round(warm[warm.length >> 1]!)),
    indexed: isRuleIndexed(rule),
  };
}

/** Whether events that the rule does not select pass it by; see `is-indexed.ts`. */
export function isRuleIndexed(rule: Pick<DetectionRule, 'pattern'>): boolean {
  return isIndexed(parsePattern(rule.pattern).branches);
}
