import { bindDetector, bindReader } from '#shared/detection/registry.ts';
import type { BoundDetector } from '#shared/detection/registry.ts';
import type { EventRecord } from '#shared/event/schema.ts';
import { compile } from '#shared/pattern/compile.ts';
import type { CompiledPatterns } from '#shared/pattern/compile.ts';
import { validatePattern } from '#shared/pattern/validate.ts';

import { lookupNames } from './bind-lookups.ts';
import { groupReader } from './group-event.ts';
import type { EventGroup } from './group-event.ts';
import type { DetectionRule } from './schema.ts';

/** A rule made ready to evaluate. */
export interface CompiledRule {
  rule: DetectionRule;
  /** Evaluates and records, never notifies. */
  staged: boolean;
  detector: BoundDetector;
  groupOf(event: EventRecord): EventGroup;
  /** What the detector judges of an event; undefined where there is nothing. */
  valueOf(event: EventRecord): unknown;
}

/** An event that a rule's pattern selects, with what the detector and the alert need of it. */
export interface RuleMatch {
  compiled: CompiledRule;
  group_key: string;
  group: Record<string, string>;
  value: unknown;
}

/** A rule that broke. It is never counted as "no match". */
interface RuleFault {
  rule_id: string;
  error: Error;
}

export interface RuleSet {
  /** All rules that evaluate, by id. */
  rules: ReadonlyMap<string, CompiledRule>;
  /** Rules that could not be compiled and so watch nothing. */
  broken: readonly RuleFault[];
  /** In the order the rules were given; one broken rule never takes the others along. Never throws. */
  match(event: EventRecord): Matched;
}

/** What the rules make of one event. */
interface Matched {
  matches: readonly RuleMatch[];
  faults: readonly RuleFault[];
}

/** What they make of most: one answer for all, so that an event that interests nobody costs nothing more. */
const NOTHING: Matched = { matches: [], faults: [] };

/**
 * Compiles the rules that evaluate, ENABLED and STAGED, into one index. Rules that name lookup tables
 * have them put in before (`bind-lookups.ts`); one that still has a name is broken. Never throws.
 */
export function compileRuleSet(all: readonly DetectionRule[]): RuleSet {
  const rules = new Map<string, CompiledRule>();
  const broken: RuleFault[] = [];
  for (const rule of all) {
    if (rule.state !== 'ENABLED' && rule.state !== 'STAGED') continue;
    const [missing] = lookupNames(rule);
    try {
      if (missing !== undefined) throw new Error(`there is no lookup table "${missing}"`);
      rules.set(rule.rule_id, compileRule(rule));
    } catch (error) {
      broken.push({ rule_id: rule.rule_id, error: asError(error) });
    }
  }
  const together = compileTogether(rules, broken);
  const apart = matcherApart(patternsOf(rules));

  function gather(
    event: EventRecord,
    ids: readonly string[],
    fallen: readonly RuleFault[],
  ): Matched {
    const matches: RuleMatch[] = [];
    const faults = [...fallen];
    for (const id of ids) {
      const compiled = rules.get(id)!;
      try {
        const { key, group } = compiled.groupOf(event);
        matches.push({ compiled, group_key: key, group, value: compiled.valueOf(event) });
      } catch (error) {
        faults.push({ rule_id: id, error: asError(error) });
      }
    }
    return { matches, faults };
  }

  return {
    rules,
    broken,
    match(event) {
      let ids: readonly string[];
      try {
        ids = together.match(event);
      } catch {
        const { found, faults } = apart(event);
        return gather(event, found, faults);
      }
      return ids.length === 0 ? NOTHING : gather(event, ids, NOTHING.faults);
    },
  };
}

function patternsOf(rules: ReadonlyMap<string, CompiledRule>): Map<string, unknown> {
  return new Map([...rules].map(([id, { rule }]) => [id, rule.pattern]));
}

/**
 * One index of all patterns. They are parsed once: only when one is refused is each looked at by
 * itself, and those at fault become `broken`.
 */
function compileTogether(rules: Map<string, CompiledRule>, broken: RuleFault[]): CompiledPatterns {
  try {
    return compile(patternsOf(rules));
  } catch {
    for (const [rule_id, { rule }] of rules) {
      const [issue] = validatePattern(rule.pattern);
      if (issue === undefined) continue;
      rules.delete(rule_id);
      const error = new SyntaxError(`pattern.${issue.path}: ${issue.message}`);
      broken.push({ rule_id, error });
    }
    return compile(patternsOf(rules));
  }
}

function compileRule(rule: DetectionRule): CompiledRule {
  return {
    rule,
    staged: rule.state === 'STAGED',
    detector: bindDetector(rule.detector),
    groupOf: groupReader(rule.group_by),
    valueOf: bindReader(rule.detector),
  };
}

/** Patterns tried one by one, to find out whose fault it is that all together threw. Compiled when first asked. */
function matcherApart(
  patterns: ReadonlyMap<string, unknown>,
): (event: EventRecord) => { found: string[]; faults: RuleFault[] } {
  let apart: Map<string, CompiledPatterns> | undefined;
  return (event) => {
    apart ??= new Map([...patterns].map(([id, pattern]) => [id, compile({ [id]: pattern })]));
    const found: string[] = [];
    const faults: RuleFault[] = [];
    for (const [id, alone] of apart) {
      try {
        if (alone.match(event).length > 0) found.push(id);
      } catch (error) {
        faults.push({ rule_id: id, error: asError(error) });
      }
    }
    return { found, faults };
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
