import type { EventRecord } from '#shared/event/schema.ts';
import { fieldReader } from '#shared/event/read-field.ts';
import { compile } from '#shared/pattern/compile.ts';
import { wordsOf } from '#shared/rule/explain-match.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';
import { showValue } from '#shared/rule/show-value.ts';

/** Rules compared condition by condition; of more the first in the order of their ids. */
const RULES_MAX = 2_000;
const TEXT_MAX = 160;

type Pattern = Record<string, unknown>;

/** How near a rule's pattern came to an event. */
export interface NearRule {
  rule: DetectionRule;
  held: number;
  conditions: number;
  /** The first condition that failed, as the pattern asked it and as the event has it. */
  failed: string;
}

interface Condition {
  path: string;
  words: string;
  /** A pattern of this condition alone. */
  pattern: Pattern;
}

/**
 * The rules whose patterns came nearest to an event that none of them selects: those with the most
 * conditions that hold, of equals the ones with the fewest that do not, at most `max`. A pattern that
 * breaks is not among them. Pure.
 */
export function nearestRules(
  rules: readonly DetectionRule[],
  event: EventRecord,
  max: number,
): { near: NearRule[]; truncated: boolean } {
  const near = rules
    .slice(0, RULES_MAX)
    .flatMap((rule) => compare(rule, event) ?? [])
    .sort((a, b) => b.held - a.held || a.conditions - b.conditions);
  return { near: near.slice(0, max), truncated: rules.length > RULES_MAX };
}

function compare(rule: DetectionRule, event: EventRecord): NearRule | undefined {
  const conditions = [...conditionsOf(rule.pattern, [])];
  try {
    const entries = conditions.map(({ pattern }, index) => [String(index), pattern] as const);
    const held = new Set(compile(new Map(entries)).match(event));
    const first = conditions.find((_, index) => !held.has(String(index)));
    const failed = first
      ? `${first.path} must be ${first.words}, it is ${showValue(fieldReader(first.path)(event), first.path, TEXT_MAX)}`
      : 'each condition holds, but not all for the same element of a list';
    return { rule, held: held.size, conditions: conditions.length, failed };
  } catch {
    return undefined;
  }
}

/** Each leaf of a pattern as a pattern of its own; alternatives of `$or` are one condition together. */
function* conditionsOf(pattern: Pattern, above: readonly string[]): Generator<Condition> {
  for (const [key, below] of Object.entries(pattern)) {
    const alone = above.reduceRight<Pattern>((inner, name) => ({ [name]: inner }), {
      [key]: below,
    });
    const path = [...above, key].join('.');
    if (key === '$or')
      yield { path: [...above, '$or'].join('.'), words: 'one of its alternatives', pattern: alone };
    else if (Array.isArray(below)) yield { path, words: wordsOf(below), pattern: alone };
    else if (typeof below === 'object' && below !== null)
      yield* conditionsOf(below as Pattern, [...above, key]);
  }
}
